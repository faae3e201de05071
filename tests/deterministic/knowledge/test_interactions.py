"""Pairs of medicines: found, not found, or not evaluated, and never anything in between."""

import pytest

from vitasense.deterministic.knowledge import interactions, rulebook
from vitasense.deterministic.platform.findings import Finding, Status, Urgency


def only(*names: str) -> Finding:
    found = interactions(names)
    assert len(found) == 1
    return found[0]


def text_of(finding: Finding, name: str) -> list[str | None]:
    return [value.text for value in finding.values if value.name == name]


def test_a_listed_pair_names_both_the_severity_the_advice_and_the_source() -> None:
    finding = only("Coumadin 5 mg", "Advil")
    assert finding.status is Status.FOUND
    assert finding.urgency is Urgency.URGENT
    assert set(text_of(finding, "drug")) == {"warfarin", "ibuprofen"}
    assert text_of(finding, "severity") == ["major"]
    assert "Ask your doctor" in finding.text
    assert all(evidence.source and evidence.ref.startswith("knowledge/interactions#") for evidence in finding.evidence)


def test_the_well_known_pairs_are_known() -> None:
    serious = [
        ("lisinopril", "potassium"),
        ("ramipril", "spironolactone"),
        ("simvastatin", "clarithromycin"),
        ("sertraline", "phenelzine"),
        ("nitroglycerin", "sildenafil"),
        ("clopidogrel", "omeprazole"),
        ("methotrexate", "Bactrim"),
        ("oxycodone", "alprazolam"),
        ("warfarin", "St John's wort"),
    ]
    assert [pair for pair in serious if interactions(pair)[0].urgency is not Urgency.URGENT] == []
    assert only("lisinopril", "ibuprofen").urgency is Urgency.ROUTINE


def test_a_pair_in_no_list_names_the_lists_and_never_says_safe() -> None:
    finding = only("levothyroxine", "loratadine")
    assert finding.status is Status.NOT_FOUND
    assert "not in the lists I can check" in finding.text
    assert "ONC" in finding.text
    assert "safe" not in finding.text.lower()


def test_an_unknown_name_is_not_evaluated_and_says_which() -> None:
    finding = only("warfarin", "blorbixol")
    assert finding.status is Status.NOT_EVALUATED
    assert "blorbixol" in (finding.reason or "")


def test_fewer_than_two_medicines_is_not_evaluated() -> None:
    assert only("warfarin").status is Status.NOT_EVALUATED
    assert only().status is Status.NOT_EVALUATED


def test_what_follows_from_an_enzyme_is_marked_as_worked_out() -> None:
    finding = only("nebivolol", "paroxetine")
    assert text_of(finding, "basis") == ["inferred"]
    assert finding.confidence < 1
    assert "nebivolol is cleared by CYP2D6; paroxetine strongly inhibits CYP2D6" in finding.text


def test_the_same_ingredient_under_two_names_is_told() -> None:
    finding = only("Tylenol", "paracetamol 500 mg")
    assert finding.kind == "same_ingredient"
    assert finding.status is Status.FOUND


def test_every_pair_is_answered_and_the_most_urgent_comes_first() -> None:
    found = interactions(["warfarin", "ibuprofen", "lisinopril", "blorbixol"])
    assert len(found) == 6
    assert [finding.urgency.rank for finding in found] == sorted((f.urgency.rank for f in found), reverse=True)
    assert sum(finding.status is Status.NOT_EVALUATED for finding in found) == 3


def test_the_order_of_the_names_does_not_change_the_answer() -> None:
    assert only("clarithromycin", "simvastatin") == only("simvastatin", "clarithromycin")


@pytest.mark.parametrize(
    ("theme", "interrupting", "told"),
    [
        (
            "anticoagulants",
            "warfarin+tamoxifen, dabigatran+glecaprevir, ticagrelor+rifampin",
            "warfarin+amoxicillin, apixaban+diltiazem, clopidogrel+ibuprofen, warfarin+ezetimibe",
        ),
        (
            "heart",
            "finerenone+clarithromycin, mavacamten+rifampin, tolvaptan+ketoconazole, losartan+sacubitril",
            "digoxin+carvedilol, propranolol+albuterol, amlodipine+clarithromycin",
        ),
        (
            "lipids",
            "simvastatin+gemfibrozil, lomitapide+diltiazem, pitavastatin+letermovir",
            "rosuvastatin+atazanavir, pravastatin+clarithromycin",
        ),
        (
            "rhythm",
            "ziprasidone+moxifloxacin, apomorphine+ondansetron, pimozide+citalopram",
            "quetiapine+citalopram, bedaquiline+ondansetron",
        ),
        (
            "serotonin",
            "phenelzine+vortioxetine, sertraline+venlafaxine, nialamide+fluoxetine",
            "fluoxetine+buspirone, atomoxetine+paroxetine",
        ),
        (
            "sedation",
            "naltrexone+oxycodone, sodium oxybate+zolpidem, suvorexant+ketoconazole",
            "oxycodone+cyclobenzaprine, codeine+paroxetine",
        ),
        (
            "seizures",
            "valproate+meropenem, dolutegravir+carbamazepine",
            "lamotrigine+ethinylestradiol, phenytoin+fluconazole",
        ),
        (
            "mind",
            "levodopa+phenelzine, lurasidone+nefazodone",
            "levodopa+iron, clozapine+tobacco smoke, donepezil+oxybutynin",
        ),
        ("diabetes", "repaglinide+gemfibrozil, glyburide+bosentan", "glipizide+levofloxacin, metformin+dolutegravir"),
        (
            "infections",
            "lumefantrine+rifampin, itraconazole+rifampin, bedaquiline+rifampin",
            "itraconazole+famotidine, rifampin+losartan",
        ),
        (
            "viruses",
            "rilpivirine+omeprazole, sofosbuvir+amiodarone, bictegravir+dofetilide",
            "bictegravir+calcium carbonate",
        ),
        (
            "transplant",
            "mycophenolate+rifampin, fingolimod+sotalol, tofacitinib+adalimumab",
            "fingolimod+metoprolol, cyclosporine+amlodipine",
        ),
        (
            "cancer",
            "dasatinib+omeprazole, ibrutinib+ketoconazole, imatinib+rifampin",
            "dasatinib+famotidine, pemetrexed+ibuprofen",
        ),
        (
            "hormones",
            "tranexamic acid+ethinylestradiol, acitretin+tetracycline",
            "levothyroxine+sevelamer, raloxifene+warfarin",
        ),
        (
            "absorption",
            "naloxegol+ketoconazole",
            "cefdinir+iron, doxycycline+bismuth subsalicylate, digoxin+activated charcoal",
        ),
        ("potassium and lithium", "potassium+aliskiren, lithium+ibuprofen", "lithium+sertraline, lisinopril+heparin"),
        ("gout", "colchicine+atazanavir, pegloticase+allopurinol", "allopurinol+amoxicillin, probenecid+penicillin G"),
        ("vessels", "riociguat+dipyridamole, macitentan+ketoconazole, udenafil+nitroglycerin", "sildenafil+diltiazem"),
        (
            "migraine",
            "eletriptan+ketoconazole, sumatriptan+rizatriptan, ubrogepant+clarithromycin",
            "almotriptan+ketoconazole",
        ),
        ("breathing", "theophylline+enoxacin, roflumilast+rifampin", "theophylline+phenytoin, tiotropium+oxybutynin"),
        (
            "herbs",
            "danshen+warfarin, red yeast rice+simvastatin, saquinavir+garlic",
            "ginkgo+aspirin, valerian+zolpidem",
        ),
    ],
)
def test_what_labels_forbid_interrupts_and_what_they_adjust_is_told(theme: str, interrupting: str, told: str) -> None:
    for pairs, urgent in ((interrupting, True), (told, False)):
        for named in pairs.split(", "):
            finding = only(*named.split("+"))
            assert text_of(finding, "basis") == ["documented"], f"{theme}: {named}"
            assert (finding.urgency is Urgency.URGENT) is urgent, f"{theme}: {named}"


@pytest.mark.parametrize(
    ("kind", "partner"),
    [
        ("nitrate", "sildenafil"),
        ("pde5_inhibitor", "nitroglycerin"),
        ("ssri", "phenelzine"),
        ("triptan", "ergotamine"),
        ("vitamin_k_antagonist", "ibuprofen"),
        ("doac", "rifampin"),
        ("ace_inhibitor", "potassium"),
        ("ergot", "clarithromycin"),
    ],
)
def test_what_holds_for_a_kind_holds_for_each_of_its_medicines(kind: str, partner: str) -> None:
    members = [each.name for each in rulebook().drugs if kind in each.classes]
    assert members
    assert [name for name in members if only(name, partner).urgency is not Urgency.URGENT] == []


def test_of_one_pair_no_source_is_told_with_two_severities() -> None:
    rated: dict[tuple[str, str, str | None], set[str]] = {}
    for entry in rulebook().interactions:
        for one in rulebook().members(entry.left):
            for two in rulebook().members(entry.right):
                low, high = sorted((one, two))
                rated.setdefault((low, high, entry.source), set()).add(entry.severity)
    assert [pair for pair, found in rated.items() if len(found) > 1] == []
