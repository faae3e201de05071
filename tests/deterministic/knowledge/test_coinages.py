"""How likely letters are as a new name."""

from vitasense.deterministic.knowledge.coinages import Coinages

NAMES = {name: name for name in ("sitagliptin", "linagliptin", "saxagliptin", "alogliptin", "warfarin", "metformin")}


def test_letters_in_the_order_of_names_surprise_less_than_others() -> None:
    coinages = Coinages(NAMES)
    assert coinages.surprise("teragliptin", "") < coinages.surprise("trgliptniea", "")


def test_an_ending_that_many_names_share_surprises_less_than_another() -> None:
    coinages = Coinages(NAMES)
    assert coinages.surprise("bonagliptin", "") < coinages.surprise("bonagluctin", "")


def test_a_name_that_is_left_out_lends_its_letters_to_no_other() -> None:
    coinages = Coinages(NAMES)
    assert coinages.surprise("warfarim", "") < coinages.surprise("warfarim", "warfarin")
