"""Two thousand mutations of files made by hand, and of the publishers' small files where they are at hand; `make fuzz` makes
fifty thousand.
"""

import pytest

from tests.fuzz import campaign, specimens

SEED = 14


@pytest.mark.timeout(1200)
def test_whatever_happens_to_a_file_it_is_refused_or_read_as_what_it_says() -> None:
    files = specimens.made() | specimens.of_publishers(4 * 1024)
    report = campaign.Report()
    for mutated in campaign.run(files, range(2000), SEED, processes=2):
        report.count(mutated)
    assert report.faults == [], "\n".join(report.table())
    assert sum(report.counts.values()) == 2000
