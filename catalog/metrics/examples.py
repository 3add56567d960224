"""Questions an analyst asks first, each answered by the query in `sql/examples/<name>.sql`."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.metrics.statements import files_of, query_text
from catalog.text import Text, en, nb


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """A question that a release answers."""

    name: str
    question: Text

    @property
    def sql(self) -> str:
        """The query that answers the question: one SELECT."""
        return query_text("examples", self.name)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the query reads; see `files_of`."""
        return files_of(self.sql)


EXAMPLE_QUERIES = (
    ExampleQuery(
        "use_of_each_service",
        nb("Hvor mange kommuner bruker (USE) eller har aktivert (EVENT) hver tjeneste i siste hele måned?")
        | en("How many municipalities use (USE) or have activated (EVENT) each service in its last whole month?"),
    ),
    ExampleQuery(
        "not_activated_in_network",
        nb("Hvilke kommuner i et nettverk har ikke aktivert Digisos?")
        | en("Which municipalities of a network have not activated Digisos?"),
    ),
    ExampleQuery(
        "dispatches_per_1000_inhabitants",
        nb("Hvor mange forsendelser hadde hver kommune i siste hele måned, per 1 000 innbyggere?")
        | en("How many dispatches per 1 000 inhabitants did each municipality have in the last whole month?"),
    ),
    ExampleQuery(
        "dispatches_by_channel",
        nb("Hvordan fordeler forsendelsene seg på kanal, måned for måned?")
        | en("How do dispatches fall on channels, month by month?"),
    ),
    ExampleQuery(
        "self_cost_this_year",
        nb("Dekker hver tjeneste kostnaden sin i år?") | en("Does each service cover its cost this year?"),
    ),
    ExampleQuery(
        "unexplained_by_product",
        nb("Hvor mange kroner er uforklart mellom fakturert og målt, for hvert produkt det siste året?")
        | en("How many kroner are unexplained between billed and measured, for each product in the last year?"),
    ),
    ExampleQuery(
        "differences_by_reason",
        nb("Hvorfor avviker fakturert fra målt, etter årsak og tjeneste?")
        | en("Why does billed differ from measured, by reason and service?"),
    ),
    ExampleQuery(
        "differences_to_look_at_first",
        nb("Hvilke uforklarte forskjeller bør vi se på først?")
        | en("Which unexplained differences should we look at first?"),
    ),
    ExampleQuery(
        "cost_not_placed",
        nb("Hvilken kostnad er ikke plassert, per konto og kostnadssted, og hvorfor?")
        | en("Which cost is not placed, by account and cost centre, and why?"),
    ),
    ExampleQuery(
        "joining_fees_against_loan",
        nb("Hvilke tilkoblingspriser stemmer ikke med nedbetalingen av lånet, og hvor mange kroner er det?")
        | en("Which joining fees do not tie with the repayment of the loan, and by how many kroner?"),
    ),
    ExampleQuery(
        "shared_cost_by_service",
        nb("Hva bærer hver tjeneste av felleskostnaden i år, og etter hvilken nøkkel?")
        | en("What does each service carry of the shared cost this year, and by which key?"),
    ),
    ExampleQuery("set_aside", nb("Hva er satt til side, og hvorfor?") | en("What was set aside, and why?")),
    ExampleQuery(
        "organisations_that_sent_most",
        nb("Hvilke virksomheter sendte mest i siste hele måned?")
        | en("Which organisations sent the most in the last whole month?"),
    ),
    ExampleQuery(
        "measured_use_of_municipalities",
        nb("Hvor mye bruker hver kommune av det som ikke er forsendelser, i siste hele måned?")
        | en("How much does each municipality use other than dispatches, in the last whole month?"),
    ),
    ExampleQuery(
        "municipalities_then_and_now",
        nb("Hva het kommunene den gang, og hvilken er de i dag? Delte kommuner har ingen enkelt etterfølger.")
        | en("What were the municipalities called then, and which is each now? Split ones have no single successor."),
    ),
    ExampleQuery(
        "figures_brought_to_now",
        nb("Hvordan regner jeg egne tall på datidens kommuner om til dagens, også der kommuner er delt?")
        | en("How do I bring figures of municipalities of then to those of now, split ones too?"),
    ),
    ExampleQuery(
        "dispatches_by_network",
        nb("Hvor mange forsendelser hadde kommunene i hvert nettverk (medlemmene fra 2024), måned for måned?")
        | en("How many dispatches did the municipalities of each network (members from 2024) have, month by month?"),
    ),
    ExampleQuery(
        "lower_than_three_of_four_peers",
        nb("Hvilke kommuner sender mindre enn tre av fire lignende kommuner?")
        | en("Which municipalities send less than three of four similar ones?"),
    ),
    ExampleQuery(
        "source_systems_that_sent_most",
        nb(
            "Hvilke fagsystemer sendte mest de siste tolv hele månedene? Rundet opp til hele femti per måned. "
            "Skjermede (perturbed) er også med i raden NOT_STATED."
        )
        | en(
            "Which source systems sent the most in the last twelve whole months? Rounded up to whole fifties by month. "
            "Shielded ones (perturbed) are part of the row NOT_STATED too."
        ),
    ),
    ExampleQuery(
        "connections_through_supplier",
        nb(
            "Hvilke tilknytninger går gjennom leverandøren X i nettverket Y? Her paret med flest av dem i siste hele "
            "måned med tall; sett dine egne i asked."
        )
        | en(
            "Which connections go through supplier X in network Y? Here the pair with the most of them in the last "
            "whole month with numbers; put your own in asked."
        ),
    ),
    ExampleQuery(
        "connections_fallen_silent",
        nb("Hvilke tilknytninger er blitt stille: i bruk for tre måneder siden, men ikke siste hele måned med tall?")
        | en("Which connections fell silent: in use three months ago, not in the last whole month with numbers?"),
    ),
    ExampleQuery(
        "delivery_time_by_channel",
        nb(
            "Hvor lang tid går det før halvparten, ni av ti og 99 av 100 er levert, i hver kanal? Levert er ikke det "
            "samme i dem: se metrikken delivery_time."
        )
        | en(
            "How long until half, nine of ten and 99 of 100 are delivered, in each channel? Delivered is not the same "
            "in them: see the metric delivery_time."
        ),
    ),
    ExampleQuery(
        "dispatch_forecast",
        nb("Hvor mange forsendelser venter vi de neste månedene, og hvor sikkert er det?")
        | en("How many dispatches do we expect in the coming months, and how sure is it?"),
    ),
    ExampleQuery(
        "whom_to_call",
        nb("Hvem skal jeg ringe på mandag, og hva skal jeg si?") | en("Whom do I call on Monday, and what do I say?"),
    ),
    ExampleQuery(
        "networks_against_the_country",
        nb("Hvor langt er nettverkene kommet med hver tjeneste, mot landet og mot seg selv for ett år siden?")
        | en("How far are the networks with each service, against the country and themselves a year before?"),
    ),
    ExampleQuery(
        "one_municipality",
        nb("Hva har kommunen tatt i bruk, og hva gjenstår? Her Bergen; sett ditt eget nummer i asked.")
        | en("What has the municipality in use, and what is left? Here Bergen; put your own code in asked."),
    ),
    ExampleQuery(
        "suppliers_that_open_most",
        nb("Hvilken leverandør åpner for flest kommuner med én samtale?")
        | en("Which supplier opens for most municipalities by one call?"),
    ),
    ExampleQuery(
        "agreement_use_and_invoice",
        nb("Hva stemmer ikke mellom avtale, bruk og faktura?")
        | en("What does not add up between agreement, use and invoice?"),
    ),
    ExampleQuery(
        "uptake_a_year_from_now",
        nb("Hvor mange kommuner venter vi har hver tjeneste i bruk om ett år?")
        | en("How many municipalities do we expect to have each service active a year from now?"),
    ),
    ExampleQuery(
        "annex_to_use",
        nb("Hvor lang tid går det fra vedlegg til bruk, og hvor mange har sluttet å bruke tjenesten?")
        | en("How long from annex to use, and how many fell silent?"),
    ),
    ExampleQuery(
        "missing_deliveries",
        nb("Hvem skulle ha levert de siste to ukene, men har ikke gjort det?")
        | en("Who should have delivered in the last two weeks, and has not?"),
    ),
    ExampleQuery(
        "changed_since_last_release",
        nb("Hva er endret siden forrige utgave, i hvilken måned og hvorfor?")
        | en("What changed since the previous release, in which month and why?"),
    ),
    ExampleQuery(
        "source_system_names_to_learn",
        nb("Hvilke fagsystemnavn bør registeret lære å kjenne først?")
        | en("Which source system names should the register learn first?"),
    ),
    ExampleQuery(
        "entries_behind_a_cell",
        nb("Hva ligger bak en celle i produktregnskapet? Her svarut i siste måned; sett inn din egen i asked.")
        | en("Which entries are behind a cell of the product ledger? Here svarut's last month; put your own in asked."),
    ),
    ExampleQuery(
        "closed_quarters",
        nb("Hvilke kvartaler er lukket, og hva kom etter at de var lukket?")
        | en("Which quarters are closed, and what came after they were?"),
    ),
    ExampleQuery("what_may_be_summed", nb("Hvilke tall kan jeg summere?") | en("Which numbers may I sum?")),
)
