from __future__ import annotations

import time

import pytest

from pipeline.norm.lint import lint_norm
from pipeline.norm.load import available_norms, load_norm

# The ids are the contract: a report of last year is compared by them. Add, never change.
CRITERIA = {
    "abc": [
        "abc.signalen/signaal",
        "abc.collegiale-consultatie/consultatie",
        "abc.collegiale-consultatie/uitkomst",
        "abc.leerlingbespreking/bespreking",
        "abc.leerlingbespreking/afspraken",
        "abc.hulpvraag/vraag",
        "abc.logboek/regels",
        "abc.onderwijskundig-rapport/rapport",
        "abc.toestemming/toestemming",
        "abc.toestemming/datum",
        "abc.oudervragenlijst/antwoord",
        "abc.ouders-geinformeerd/stappen",
        "abc.deskundigen/rapport",
        "abc.gevraagd-arrangement/besluit",
        "abc.meldcode/weging",
    ],
    "anb": [
        "anb.kwaliteit.inspectie/oordeel",
        "anb.beleid.basisondersteuning/aanbod",
        "anb.beleid.extra-ondersteuning/aanbod",
        "anb.beleid.niet-geboden/concreet",
        "anb.beleid.expertise/rollen",
        "anb.beleid.ketenpartners/partners",
        "anb.beleid.ambities/basis",
        "anb.beleid.ambities/extra",
        "anb.beleid.scholing/scholing",
        "anb.beleid.team-handelt/team",
        "anb.structuur.geborgd/structuur",
        "anb.structuur.geborgd/borging",
        "anb.structuur.cyclisch/cyclus",
        "anb.structuur.behoeften/structureel",
        "anb.structuur.partners-wijk-stad/samenwerking",
        "anb.structuur.stedelijke-voorzieningen/betrekken",
        "anb.structuur.zat/overleg",
        "anb.structuur.zat/regelmaat",
        "anb.structuur.ouders/partnerschap",
        "anb.structuur.netwerk/deelname",
        "anb.structuur.volgsysteem/systeem",
        "anb.structuur.volgsysteem/frequentie",
        "anb.structuur.opp-gespecialiseerd/opp",
        "anb.structuur.opp-gespecialiseerd/samenspraak",
        "anb.structuur.opp-uitstroom/uitstroom",
        "anb.structuur.swv-procedures/swv",
        "anb.hgw.fasen/fasen",
        "anb.hgw.leerling/stem",
        "anb.hgw.principes/principes",
        "anb.zorgplicht.termijn/termijn",
        "anb.zorgplicht.passende-plek/plek",
        "anb.zorgplicht.tussentijds/tussentijds",
        "anb.zorgplicht.overdracht/overdracht",
        "anb.zorgplicht.po-vo/po-vo",
        "anb.protocol.sociale-veiligheid/protocol",
        "anb.protocol.medisch-handelen/protocol",
        "anb.protocol.meldcode/protocol",
        "anb.thema.lezen-spelling/aanbod",
        "anb.thema.rekenen/aanbod",
        "anb.thema.hoogbegaafdheid/aanbod",
        "anb.thema.moeilijk-lerend/aanbod",
        "anb.thema.sociaal-emotioneel/aanbod",
        "anb.thema.nt2/aanbod",
    ],
    "meierij": [
        "meierij.basiskwaliteit/oordeel",
        "meierij.structuur.intern/organisatie",
        "meierij.structuur.extern/partners",
        "meierij.structuur.extern/swv",
        "meierij.hgw.behoefte/leerling",
        "meierij.hgw.behoefte/leerkracht",
        "meierij.hgw.cyclus/cyclus",
        "meierij.hgw.ouders/ouders",
        "meierij.interventies.leren/aanbod",
        "meierij.interventies.fysiek-medisch/aanbod",
        "meierij.interventies.sociaal-emotioneel/aanbod",
        "meierij.interventies.gedrag/aanbod",
        "meierij.contactpersoon/contact",
    ],
    "opp": [
        "opp.leerling/situatie",
        "opp.leerkracht/situatie",
        "opp.belemmerend/factor",
        "opp.bevorderend/factor",
        "opp.doelen/doel",
        "opp.handelingsdeel/ondersteuning",
        "opp.jeugdhulp/afstemming",
        "opp.uitstroom/bestemming",
        "opp.uitstroom-onderbouwing/onderbouwing",
        "opp.evaluatie-jaarlijks/moment",
        "opp.evaluatie-doelen/uitkomst",
        "opp.ouders/overleg",
        "opp.instemming/instemming",
        "opp.hoorrecht/mening",
    ],
    "opp-wet": [
        "opp-wet.termijn/datums",
        "opp-wet.overleg/overleg",
        "opp-wet.overeenstemming/akkoord",
        "opp-wet.begeleiding/begeleiding",
        "opp-wet.afwijkingen/afwijking",
        "opp-wet.onderbouwing/bestemming",
        "opp-wet.onderbouwing/belemmerend",
        "opp-wet.onderbouwing/bevorderend",
        "opp-wet.inbreng-leerling/inbreng",
        "opp-wet.doorwerking/doorwerking",
        "opp-wet.evaluatie/moment",
        "opp-wet.evaluatie/deelnemers",
    ],
}

CORE = {
    "anb.beleid.ambities",
    "anb.beleid.basisondersteuning",
    "anb.beleid.expertise",
    "anb.beleid.extra-ondersteuning",
    "anb.beleid.ketenpartners",
    "anb.beleid.niet-geboden",
}

HEADS = {
    "abc": ("stappenplan", ("abc",)),
    "anb": ("2024-08", ("sop", "schoolgids")),
    "meierij": ("website", ("sop", "schoolgids")),
    "opp": ("2025-08", ("opp",)),
    "opp-wet": ("2026-01", ("opp",)),
}

LEVELS = {
    "abc": {None: 12},
    "anb": {"wettelijk": 13, "basisnorm": 24, "streefnorm": 1},
    "meierij": {None: 11},
    "opp": {"wettelijk": 10, "basisnorm": 4},
    "opp-wet": {"wettelijk": 9},
}

VALID_FROM = {"opp-wet.evaluatie", "opp-wet.inbreng-leerling", "opp-wet.doorwerking"}
NOT_APPLICABLE = {"abc.meldcode", "opp.jeugdhulp", "opp-wet.termijn"}


def test_all_norms_are_shipped():
    assert available_norms() == ("abc", "anb", "meierij", "opp", "opp-wet")


@pytest.mark.parametrize("norm_id", CRITERIA)
def test_ids_never_change(norm_id):
    norm = load_norm(norm_id).norm
    assert norm.id == norm_id
    assert list(norm.criterion_keys()) == CRITERIA[norm_id]
    assert (norm.version, norm.kinds) == HEADS[norm_id]


@pytest.mark.parametrize("norm_id", LEVELS)
def test_legal_weight_is_as_agreed(norm_id):
    levels = [requirement.level for requirement in load_norm(norm_id).norm.requirements]
    assert {level: levels.count(level) for level in set(levels)} == LEVELS[norm_id]


@pytest.mark.parametrize("norm_id", CRITERIA)
def test_shipped_norm_keeps_the_rules_about_rules(norm_id):
    loaded = load_norm(norm_id)
    problems = [problem for problem in lint_norm(loaded) if loaded.recognitions or problem.code != "no-recognition"]
    assert [str(problem) for problem in problems if problem.severity == "error"] == []


def test_every_recognition_of_the_first_norm_has_examples():
    assert [str(problem) for problem in lint_norm(load_norm("anb")) if problem.severity == "warning"] == []


def requirements():
    return [requirement for norm_id in CRITERIA for requirement in load_norm(norm_id).norm.requirements]


def test_the_short_list_is_the_five_items_of_the_checklist():
    assert {own.id for own in requirements() if own.core} == CORE


def test_exceptions_are_where_they_belong():
    assert {own.id for own in requirements() if own.valid_from} == VALID_FROM
    assert {own.id for own in requirements() if own.not_applicable} == NOT_APPLICABLE
    assert {own.id for own in requirements() if own.sectors == ("po",)} == {
        "anb.thema.moeilijk-lerend",
        *(own.id for own in requirements() if own.id.startswith("meierij.")),
    }


@pytest.mark.parametrize("norm_id", CRITERIA)
def test_texts_are_whole_sentences_in_plain_punctuation(norm_id):
    for own in load_norm(norm_id).norm.requirements:
        for text in (own.asks, own.why, own.advice, own.partial or own.asks, *(part.means for part in own.criteria)):
            assert text[0].isupper(), own.id
            assert text[-1] in ".?!", own.id
            assert "  " not in text, own.id
            assert "\n" not in text, own.id


def test_loading_is_quick():
    best = min(_cpu_seconds() for _ in range(5))
    assert best < 0.06  # a check of one file should feel immediate; measured 0.025 on a busy core


def _cpu_seconds() -> float:
    start = time.process_time()
    load_norm("anb")
    return time.process_time() - start
