"""Whose statement a passage is, and what it says of the offer: with the shipped model and cues, as a check hears it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.markdown import read_markdown
from pipeline.check.passages import Box, passages
from pipeline.check.voice import HELD_BACK, Stance, Voice, hear, hear_all
from pipeline.result import Reason
from pipeline.steps import ready_norm

# what is heard otherwise today, and why
KNOWN_MISSES = {
    "De groep is niet groter dan zes kinderen.": "a limit on a number reads as a denial",
}
OWN = None
LAW = EXPLAINED = OTHERS = Reason.DEFINITION_ONLY


@pytest.fixture(scope="module")
def cues():
    return ready_norm("anb").cues


@pytest.fixture(scope="module")
def voices(model, cues):
    def of(text: str, name: str | None = None) -> tuple[Voice, ...]:
        cut = passages(read_markdown(text))
        return hear_all(cut, model.score([(p.heading, p.reads or p.text) for p in cut]), cues, name)

    return of


REFUSED = [
    # heading, text, why it is no statement of the school (OWN: it is one)
    ("Aanbod", "Elke ochtend lezen alle groepen een half uur.", OWN),
    ("Aanbod", "Wij hebben een plusgroep voor de bovenbouw.", OWN),
    ("Aanbod", "Op vrijdag is er een rekengroepje in de gang.", OWN),
    ("Team", "Onze intern begeleider is er vier dagen per week.", OWN),
    ("Partners", "De schoolarts van JGZ Almere komt elke maand langs.", OWN),
    ("Ouders", "Ouders schuiven aan bij elk gesprek over hun kind.", OWN),
    ("Veiligheid", "Wij volgen de stappen van de meldcode.", OWN),
    ("Aanmelding", "U hoort binnen zes weken wat wij voor uw kind kunnen doen.", OWN),
    ("OPP", "Het OPP bespreken wij twee keer per jaar met ouders en kind.", OWN),
    ("Aanbod", "Kinderen die snel klaar zijn, werken in de verdiepingsbak.", OWN),
    ("Zorg", "De wet vraagt veel van ons, en wij werken daarom met een vast zorgteam.", OWN),
    ("Kader", "In de wet staat dat elke school een veiligheidsplan moet hebben.", LAW),
    ("Kader", "Artikel 2.44 bepaalt dat het plan binnen zes weken wordt vastgesteld.", LAW),
    ("Kader", "Iedere school is wettelijk verplicht met een meldcode te werken.", LAW),
    ("Wettelijk kader", "Het ontwikkelingsperspectief wordt jaarlijks met de ouders geëvalueerd.", LAW),
    ("Wet- en regelgeving", "Leerlingen hebben het recht om te worden gehoord.", LAW),
    ("Norm", "De norm vraagt dat er een zorgteam is.", LAW),
    ("Norm", "Volgens de Almeerse norm volgt een school de ontwikkeling twee keer per jaar.", LAW),
    ("Zorgplicht", "Zorgplicht houdt in dat een bestuur een passende plek zoekt.", EXPLAINED),
    ("Begrippenlijst", "Een OPP beschrijft waar een leerling naartoe werkt.", EXPLAINED),
    ("Begrippen", "ZAT: zorgadviesteam", EXPLAINED),
    ("Afkortingen", "JGZ = jeugdgezondheidszorg", EXPLAINED),
    ("Aanbod", "Basisondersteuning is de hulp die elke school aan alle leerlingen geeft.", EXPLAINED),
    ("Aanbod", "Dyslexie is een hardnekkig probleem met lezen en spellen.", EXPLAINED),
    ("Aanbod", "Onder extra ondersteuning verstaan we alles wat boven de basis uitgaat.", EXPLAINED),
    ("Wat is een OPP?", "Het is een plan met doelen voor een leerling.", EXPLAINED),
    ("Aanbod", "Elke school heeft een dyslexieprotocol.", OTHERS),
    ("Aanbod", "Alle scholen bieden ten minste een rekengroep.", OTHERS),
    ("Aanbod", "Schoolbesturen maken hierover afspraken met de gemeente.", OTHERS),
    ("Afspraken binnen het samenwerkingsverband", "Wij werken met een doorgaande leerlijn voor taal.", OTHERS),
    ("Het samenwerkingsverband", "Scholen kunnen een consulent inschakelen.", OTHERS),
    ("Het samenwerkingsverband", "Onze school heeft een vaste consulent.", OWN),
    ("Regionale afspraken", "De zorgteams komen zes keer per jaar bij elkaar.", OTHERS),
    ("Partners", "Beschrijf met wie de school samenwerkt.", Reason.TEMPLATE_TEXT),
    ("Partners", "Noem hier de belangrijkste partners.", Reason.TEMPLATE_TEXT),
    ("Partners", "Geef een korte opsomming van uw partners.", Reason.TEMPLATE_TEXT),
    ("Partners", "Toelichting: denk aan de GGD en leerplicht.", Reason.TEMPLATE_TEXT),
    ("Partners", "Hier vult u in met wie u samenwerkt.", Reason.TEMPLATE_TEXT),
    ("Partners", "Klik of tik om tekst in te voeren", Reason.TEMPLATE_TEXT),
    ("Partners", "Vastgesteld op [datum invullen]", Reason.TEMPLATE_TEXT),
    ("Leeswijzer", "In hoofdstuk 4 leest u over onze partners.", Reason.TEMPLATE_TEXT),
    ("Partners", "Zie schoolplan.", Reason.REFERENCE_ONLY),
    ("Partners", "Zie hiervoor onze schoolgids", Reason.REFERENCE_ONLY),
    ("Partners", "(zie bijlage 3)", Reason.REFERENCE_ONLY),
    ("Partners", "Voor onze partners verwijzen wij naar het schoolplan.", Reason.REFERENCE_ONLY),
    ("Partners", "Onze partners staan beschreven in het schoolplan.", Reason.REFERENCE_ONLY),
    ("Partners", "Meer informatie hierover vindt u op onze website.", Reason.REFERENCE_ONLY),
    ("Partners", "Deze paragraaf is in voorbereiding.", Reason.REFERENCE_ONLY),
    ("Veiligheid", "Zie ons pestprotocol, waarin staat dat wij binnen een dag met alle ouders bellen.", OWN),
    ("Bijlagen", "Bijlage 2 Pestprotocol", Reason.HEADING_ONLY),
    ("Bijlagen", "Protocol medisch handelen", Reason.HEADING_ONLY),
    ("Vragen", "Werkt de school met een meldcode?", Reason.HEADING_ONLY),
    ("Vragen", "Welke hulp is er bij dyslexie?", Reason.HEADING_ONLY),
]


def rows(table):
    for heading, text, expected in table:
        why = KNOWN_MISSES.get(text)
        marks = [pytest.mark.xfail(strict=True, reason=why)] if why else []
        yield pytest.param(heading, text, expected, marks=marks, id=text)


@pytest.mark.parametrize(("heading", "text", "refused"), rows(REFUSED))
def test_statement_is_told_from_what_others_say(voices, heading: str, text: str, refused: Reason | None) -> None:
    (voice,) = voices(f"# {heading}\n\n{text}")

    assert voice.refused == refused


DENIED, LATER, WISH, IF, REACHED = (
    Stance.NOT_OFFERED,
    Stance.NOT_YET,
    Stance.AMBITION,
    Stance.CONDITIONAL,
    Stance.REACHED,
)
THERE = frozenset({Stance.OFFERED, REACHED, Stance.NEUTRAL})
STANCES = [
    # heading, text, stances that a reader would give it
    ("Lezen", "Wij geven elke dag extra leesles aan een klein groepje.", THERE),
    ("Lezen", "Kinderen met dyslexie krijgen meer tijd bij toetsen.", THERE),
    ("Lezen", "Er is een leescoach die twee ochtenden in de school is.", THERE),
    ("Rekenen", "Vier leerlingen werken met de rekenspecialist aan de tafels.", THERE),
    ("Aanbod", "Een rolstoel is geen enkel probleem: het hele gebouw is gelijkvloers.", THERE),
    ("Aanbod", "De plusgroep is niet alleen voor begaafde kinderen, maar ook voor kinderen die onderpresteren.", THERE),
    ("Aanbod", "Geen kind gaat bij ons zonder ontbijt de dag in.", THERE),
    ("Aanbod", "Wij sluiten geen enkele leerling uit.", THERE),
    ("Aanbod", "De groep is niet groter dan zes kinderen.", THERE),
    ("Aanbod", "Dat duurt niet langer dan acht weken.", THERE),
    ("Aanbod", "Lukt het lezen niet, dan krijgt het kind elke dag een kwartier hulp.", THERE | {IF}),
    ("Grenzen", "Kinderen die niet zindelijk zijn, kunnen wij niet plaatsen.", {DENIED}),
    ("Grenzen", "Wij bieden geen onderwijs aan kinderen die doof zijn.", {DENIED}),
    ("Grenzen", "Sondevoeding geven wij niet.", {DENIED}),
    ("Grenzen", "Voor leerlingen met een eetstoornis is bij ons geen begeleiding.", {DENIED}),
    ("Grenzen", "Dat gaat onze mogelijkheden te boven: één-op-één begeleiding de hele dag.", {DENIED}),
    ("Wat kunnen wij niet bieden?", "Leerlingen met een IQ onder de 55", {DENIED}),
    ("Wat kunnen wij niet bieden?", "Gebarentaal", {DENIED}),
    ("Aanbod", "Wij zijn handelingsverlegen bij zware agressie.", {DENIED}),
    ("Aanbod", "Een rustruimte hebben wij nog niet.", {LATER, DENIED}),
    ("Aanbod", "Er is nog geen protocol voor medicijnen.", {LATER, DENIED}),
    ("Aanbod", "Een taalklas is in ontwikkeling.", {LATER, WISH}),
    ("Team", "Rekenspecialist: vacature", {LATER, DENIED}),
    ("Team", "gedragsspecialist (i.o.)", {LATER}),
    ("Aanbod", "Het dyslexieprotocol wordt op dit moment geschreven.", {LATER, WISH}),
    ("Aanbod", "Na de zomer starten wij met een plusgroep.", {LATER, WISH}),
    ("Plannen", "Vanaf augustus 2027 krijgen alle groepen schaakles.", {WISH, LATER}),
    ("Aanbod", "Wij willen in 2028 een schakelklas openen.", {WISH}),
    ("Aanbod", "Ons streven is dat elk kind een leesmaatje heeft.", {WISH}),
    ("Ambities", "Een doorgaande lijn voor rekenen in alle groepen", {WISH, LATER}),
    ("Ambities", "Elke leerkracht kent in 2027 het protocol.", {WISH, LATER}),
    ("Aanbod", "Volgend schooljaar gaan we een rekengroep opzetten.", {WISH, LATER}),
    ("Aanbod", "Als de formatie het toelaat, is er een onderwijsassistent in de klas.", {IF}),
    ("Aanbod", "Een eigen leerlijn is mogelijk, mits de ouders ermee instemmen.", {IF}),
    ("Terugblik", "De plusgroep die wij wilden, is er sinds vorig jaar.", {REACHED, Stance.OFFERED}),
]


@pytest.mark.parametrize(("heading", "text", "stances"), rows(STANCES))
def test_stance_is_what_a_reader_takes_from_it(voices, heading: str, text: str, stances: set[Stance]) -> None:
    (voice,) = voices(f"# {heading}\n\n{text}")

    assert voice.stance in stances
    assert 0 < voice.certainty <= 1


@pytest.mark.parametrize(
    ("tick", "stance"),
    [("☐ | ☒ | ☐", Stance.NOT_OFFERED), ("☐ | ☐ | ☒", Stance.NOT_YET), ("☐ | ☐ | ☐", Stance.NEUTRAL)],
)
def test_ticked_box_decides_whatever_the_words_say(voices, tick: str, stance: Stance) -> None:
    header = "| Aanbod | Ja | Nee | In ontwikkeling |\n|---|---|---|---|"
    (voice,) = voices(f"{header}\n| Wij hebben een plusgroep | {tick} |")

    assert (voice.stance, voice.certainty, voice.cue) == (stance, 1.0, "box")


def test_row_without_a_tick_says_nothing(voices) -> None:
    (voice,) = voices("| Aanbod | Ja | Nee |\n|---|---|---|\n| Wij hebben een plusgroep | ☐ | ☐ |")

    assert voice.refused is Reason.NOT_FOUND


@pytest.mark.parametrize("header", ["Toelichting bij de norm", "Instructie", "Voorbeeld", "Wat zegt de norm?"])
def test_column_of_the_format_is_no_statement(voices, header: str) -> None:
    found = voices(f"| {header} | Onze aanpak |\n|---|---|\n| De school biedt hulp. | Wij lezen elke dag samen. |")

    assert found[-1].refused is None
    assert all(v.refused is not None for v in found[:-1])


def test_sentence_that_leans_on_a_definition_explains_on(voices) -> None:
    first, second = voices("# OPP\n\nEen OPP is een plan voor een leerling. Het wordt elk jaar besproken.")

    assert first.refused is second.refused is Reason.DEFINITION_ONLY


def test_school_that_takes_over_after_a_definition_is_heard(voices) -> None:
    first, second = voices("# OPP\n\nEen OPP is een plan voor een leerling. Wij bespreken het twee keer per jaar.")

    assert first.refused is Reason.DEFINITION_ONLY
    assert second.refused is None


def test_sentence_that_leans_on_a_plan_tells_of_the_plan(voices) -> None:
    text = "Wij willen in 2027 een plusgroep starten. Daarin werken twaalf kinderen aan projecten."
    _, second = voices(f"# Plusgroep\n\n{text}")

    assert second.stance in HELD_BACK


def test_sentence_with_the_name_of_the_school_is_its_own_under_any_heading(voices) -> None:
    heading = "# Afspraken binnen het samenwerkingsverband"
    text = f"{heading}\n\nDe Lisdodde heeft twee keer per jaar overleg met de consulent."

    assert voices(text)[0].refused is Reason.DEFINITION_ONLY
    assert voices(text, "OBS De Lisdodde")[0].refused is None


def test_without_a_model_words_and_headings_decide(cues) -> None:
    (wish, limit, plain) = (
        passages(read_markdown(text))[0]
        for text in (
            "# Aanbod\n\nWij willen een plusgroep.",
            "# Wat kunnen wij niet bieden?\n\nGebarentaal",
            "# Aanbod\n\nElke dag lezen wij.",
        )
    )

    assert hear(wish, None, cues).stance is Stance.AMBITION
    assert hear(limit, None, cues).stance is Stance.NOT_OFFERED
    assert hear(plain, None, cues).stance is Stance.NEUTRAL


def test_box_of_a_passage_is_heard_without_a_model(cues) -> None:
    passage = replace(passages(read_markdown("Wij hebben een plusgroep."))[0], box=Box.NO)

    assert hear(passage, None, cues).stance is Stance.NOT_OFFERED
