"""Invented documents of the year 2099, and a library made of them through the real stages."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from index.build import build_index
from index.encoder import token_counter
from ingest.intake import Outcome
from ingest.pipeline import ingest
from kb.encoder import WordHashEncoder
from kb.settings import Home
from kb.store import Store
from kb.store.verify import verify

SITE = "https://www.judiciary.uk/prevention-of-future-death-reports"
TRUST = "Northmoor Partnership NHS Foundation Trust"
COUNCIL = "Westerby County Council"
COORDINATOR = (
    "No care coordinator was allocated for eleven weeks after the referral was accepted, and "
    "nobody held the whole of the plan."
)
STAFFING = (
    "The community team had nine vacancies, and each remaining nurse carried a caseload of sixty "
    "people."
)
DISCHARGE = (
    "The discharge summary was not sent to the general practitioner until nineteen days after "
    "the patient had left the ward."
)


def report(
    *,
    ref: str = "2099-0001",
    date: str = "3 March 2099",
    area: str = "Northmoor",
    recipients: str = TRUST,
    concerns: Sequence[str] = (COORDINATOR, STAFFING),
) -> str:
    """Return the text of a Regulation 28 form."""
    numbered = "\n\n".join(f"({n}) {text}" for n, text in enumerate(concerns, start=1))
    return f"""REGULATION 28 REPORT TO PREVENT FUTURE DEATHS

Ref: {ref}

THIS REPORT IS BEING SENT TO:
{recipients}

1 CORONER
I am Rowan Testerby, Area Coroner, for the coroner area of {area}.

2 CORONER'S LEGAL POWERS
I make this report under paragraph 7, Schedule 5, of the Coroners and Justice Act 2009 and \
regulations 28 and 29 of the Coroners (Investigations) Regulations 2013.

3 INVESTIGATION and INQUEST
On 1 February 2099 I commenced an investigation into a death. The inquest ended on 1 March 2099.

4 CIRCUMSTANCES OF THE DEATH
The person had been under the care of the community team since the spring of 2098 and was found \
at home by a neighbour.

5 CORONER'S CONCERNS
During the course of the inquest the evidence revealed matters giving rise to concern. In my \
opinion there is a risk that future deaths will occur unless action is taken. In the \
circumstances it is my statutory duty to report to you.

The MATTERS OF CONCERN are as follows:

{numbered}

6 ACTION SHOULD BE TAKEN
In my opinion action should be taken to prevent future deaths and I believe you have the power \
to take such action.

7 YOUR RESPONSE
You are under a duty to respond to this report within 56 days of the date of this report, namely \
by 28 April 2099. I, the coroner, may extend the period.

8 COPIES and PUBLICATION
I have sent a copy of my report to the Chief Coroner.

9 {date}
"""


def response(*, trust: str = TRUST) -> str:
    """Return the text of a letter that answers a report."""
    return f"""Ms Rowan Testerby
Area Coroner for Northmoor

20 April 2099

Dear Ms Testerby,

Re: Regulation 28 Report to Prevent Future Deaths

I am writing to you in response to the Regulation 28 Report dated 3 March 2099.

The specific matters of concern raised in your report are:

1. {COORDINATOR}
2. {STAFFING}

Care coordination

The waiting time for a care coordinator is now three weeks. Since January 2099 a duty worker
holds the plan of everybody who waits.

Staffing of the community team

Six of the nine vacancies have been filled and two more nurses will start in June 2099.

Yours sincerely

Chief Executive
{trust}
"""


def write(folder: Path, **texts: str) -> Path:
    """Write text files named by the keywords; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


TRACKER = (
    "date_of_report,ref,deceased_name,coroner_name,coroner_area,category,"
    "this_report_is_being_sent_to,report_url,pdf_url,reply_urls,circumstances,concerns,inquest,"
    "action,response,legal"
).split(",")
TOOLKIT = "url,id,date,coroner,area,receiver,investigation,circumstances,concerns".split(",")


def export(file: Path, columns: Sequence[str], *rows: dict[str, str]) -> Path:
    """Write a CSV export; columns a row does not name are blank."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


def tracker_row(slug: str, **values: str) -> dict[str, str]:
    """Return a row of the tracker's export; without `concerns` it holds details only."""
    return {
        "report_url": f"{SITE}/{slug}/",
        "ref": "2099-0100",
        "date_of_report": "05/05/2099",
        "deceased_name": "Ash Inventedname",
        "coroner_name": "Ms Rowan Testerby",
        "coroner_area": "Northmoor",
        "category": "Mental Health related deaths | Suicide (from 2015)",
        "this_report_is_being_sent_to": TRUST,
    } | values


def digest(url: str, *, ref: str = "2099-0100") -> str:
    """Return a digest in our own words of the report at an address."""
    return f"""---
kind: report
title: Nobody held the plan
ref: {ref}
date: 2099-05-05
coroner: Rowan Testerby
coroner_area: Northmoor
recipients:
  - {TRUST}
url: {url}
licence: Open Government Licence v3.0
verbatim: false
---

## Summary

A person known to a community team died after a long wait.

## Concerns

1. For eleven weeks no care coordinator had been named.
2. Nine posts in the team stood empty.
"""


def read_in(home: Home, *paths: Path) -> Outcome:
    """Ingest paths with the fake encoder, build the index, and hold the library to `verify`."""
    encoder = WordHashEncoder()
    with Store.writing(home, purpose="test") as store:
        outcome = ingest(
            store, list(paths), encoder=encoder, count=token_counter("word-hash", home)
        )
        build_index(store, encoder)
        assert verify(store.db) == []
    return outcome


def jsonl(file: Path, *rows: dict[str, object]) -> Path:
    """Write one JSON object a line."""
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file
