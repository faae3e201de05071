"""Devices on the page: registered, connected, their files imported, bad rows mended, and which counts first."""

import re
from pathlib import Path

from playwright.async_api import expect

from tests.api.command import Served
from tests.browser.conftest import Visit
from tests.browser.test_accessibility import EVERY_SIZE
from tests.browser.test_health import Sender

GOOD = "2026-10-03T07:30:00Z,8867-4,61,/min"
TABLE = f"time,metric,value,unit\n{GOOD}\n2026-10-03T07:35:00Z,8867-4,63,/min\n"


def file_of(folder: Path, text: str, name: str = "pulse.csv") -> Path:
    file = folder / name
    file.write_text(text)
    return file


async def test_a_device_is_added_connected_renamed_and_retired(visit: Visit) -> None:
    screen = await visit("lena")
    await screen.by("nav-devices").click()
    await screen.button("Add a device").click()
    dialog = screen.page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Cuff upstairs")
    await dialog.get_by_label("Kind").fill("cuff")
    await screen.check("devices-add")
    await dialog.get_by_role("button", name="Add").click()
    card = screen.by("device").filter(has_text="Cuff upstairs")
    await expect(card).to_contain_text("Nothing came from it yet")
    await expect(card).to_contain_text("Not evaluated")
    await screen.button("Connect Cuff upstairs").click()
    await screen.button("Make an address and a secret").click()
    made = screen.by("webhook-made")
    await expect(made.get_by_label("Address", exact=True)).to_have_value(re.compile("/v1/hooks/"))
    await expect(made.get_by_label("Secret", exact=True)).to_have_value(re.compile("^whsec_"))
    await made.get_by_text("What to send").click()
    await screen.check("devices-webhook")
    await screen.button("I have copied them").click()
    await expect(card).to_contain_text("Connected")
    await screen.button("Connect Cuff upstairs").click()
    await expect(dialog).not_to_contain_text("whsec_")
    await screen.button("End this connection").click()
    await expect(dialog.get_by_role("button", name="End this connection")).to_have_count(0)
    await screen.button("Close").last.click()
    await screen.button("Rename Cuff upstairs").click()
    await dialog.get_by_label("Name").fill("Cuff downstairs")
    await screen.button("Save").click()
    await screen.button("Retire Cuff downstairs").click()
    await screen.page.get_by_role("alertdialog").get_by_role("button", name="Retire").click()
    await screen.page.get_by_text(re.compile("^Not used any more")).first.click()
    await expect(screen.by("device").filter(has_text="Cuff downstairs")).to_contain_text("Not used any more since")


async def test_a_file_is_imported_and_again_changes_nothing(visit: Visit, tmp_path: Path) -> None:
    screen = await visit("lena")
    await screen.open("devices/import")
    await screen.by("device-file").set_input_files(file_of(tmp_path, TABLE))
    report = screen.by("delivery-report")
    await expect(report).to_contain_text("Every row could be used.")
    assert await report.locator("dd").all_inner_texts() == ["2", "0", "0", "0"]
    await screen.check("devices-report")
    await screen.page.reload()
    await screen.by("device-file").set_input_files(file_of(tmp_path, TABLE))
    await expect(report).to_contain_text("This very file had come before.")


async def test_a_file_of_no_known_kind_is_refused_in_plain_words(visit: Visit, tmp_path: Path) -> None:
    screen = await visit("lena")
    await screen.open("devices/import")
    await screen.by("device-file").set_input_files(file_of(tmp_path, "hello", "note.xyz"))
    await expect(screen.page.get_by_role("alert")).to_contain_text("A file was not taken")
    await screen.page.get_by_label("Kind of file").select_option("fit")
    await screen.by("device-file").set_input_files(file_of(tmp_path, "hello", "ride.fit"))
    await expect(screen.page.get_by_role("alert")).to_contain_text("A file was not taken")


async def test_a_bad_row_is_mended_and_another_thrown_away(visit: Visit, tmp_path: Path) -> None:
    screen = await visit("james")
    await screen.open("devices/import")
    bad = TABLE + "2026-10-04T07:30:00Z,8867-4,fast,/min\nsometime,8867-4,64,/min\n"
    await screen.by("device-file").set_input_files(file_of(tmp_path, bad))
    report = screen.by("delivery-report")
    await expect(report).to_contain_text("2 rows could not be taken")
    await expect(report).to_contain_text('"fast" is not a number.')
    await screen.shot("devices-report-bad")
    await report.get_by_role("link", name="Repair these rows").click()
    rows = screen.by("rejected-row")
    first = rows.filter(has_text="fast")
    await expect(first).to_be_visible()
    await screen.check("devices-rejected")
    await first.get_by_role("button", name=re.compile("^Mend ")).click()
    field = screen.page.get_by_role("textbox", name="The row")
    await screen.button("Send").click()
    await expect(screen.page.get_by_role("alert")).to_contain_text("Still not taken")
    await screen.check("devices-mend")
    await field.fill("2026-10-04T07:30:00Z,8867-4,66,/min")
    await screen.button("Send").click()
    await expect(first).to_have_count(0)
    other = rows.filter(has_text="sometime")
    await other.get_by_role("button", name=re.compile("^Throw away ")).click()
    await expect(other).to_have_count(0)


async def test_the_order_of_devices_is_changed_with_the_keyboard_and_kept(visit: Visit, served: Served) -> None:
    sender = Sender(served, "james")
    for name in ("Old watch", "New watch"):
        await sender.device(name, "watch")
    screen = await visit("james")
    await screen.open("devices/order")
    order = screen.by("device-order").get_by_role("listitem")
    await expect(order.filter(has_text="New watch")).to_be_visible()
    for _ in range(await order.count()):
        if "New watch" in await order.first.inner_text():
            break
        await screen.button("New watch: earlier").press("Enter")
    await expect(order.first).to_contain_text("New watch")
    await screen.check("devices-order")
    await screen.button("Keep this order").click()
    await expect(screen.page.get_by_text("Order kept", exact=True).first).to_be_visible()
    await screen.page.reload()
    await expect(order.first).to_contain_text("New watch")


@EVERY_SIZE
async def test_devices(visit: Visit, served: Served, size: str) -> None:
    sender = Sender(served, "maria")
    watch = await sender.device("Watch", "watch")
    await sender.call("POST", f"/v1/devices/{watch}/reports", json={"battery": 0.08, "firmware": "3.1"})
    screen = await visit("maria", size)
    await screen.by("nav-devices").click()
    await expect(screen.by("device").first).to_be_visible()
    await expect(screen.page.get_by_text("Charge it:")).to_be_visible()
    await screen.check("devices")
    await screen.page.get_by_role("tab", name="Import").click()
    await expect(screen.page.get_by_text("Drop a file of a device")).to_be_visible()
    await screen.check("devices-import")
    await screen.page.get_by_role("tab", name="Not taken").click()
    await expect(screen.page.get_by_text("Every row was taken")).to_be_visible()
    await screen.check("devices-rejected-empty")
    await screen.page.get_by_role("tab", name="Order").click()
    await screen.check("devices-order")
