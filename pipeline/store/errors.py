"""What can be wrong with the store as a whole. No message holds a password: an address is shown without it."""

from __future__ import annotations

from pipeline.errors import DekkendError


class StoreAddressError(DekkendError):
    code = "store-address"
    message = "Het adres van de opslag klopt niet."
    hint = "Geef een bestand op (dekkend.db) of een PostgreSQL-adres (postgresql://gebruiker@server/database)."


class StoreUnreachableError(DekkendError):
    code = "store-unreachable"
    message = "De opslag is niet bereikbaar."
    hint = "Controleer of de database draait en of het adres klopt; 'dekkend doctor' laat zien wat er mis is."


class StoreNewerError(DekkendError):
    code = "store-newer"
    message = "De opslag is gemaakt door een nieuwere versie van dekkend."
    hint = "Werk dekkend op deze computer bij, of kies met --store een andere opslag."


class UnknownRunError(DekkendError):
    code = "run-unknown"
    message = "Deze run staat niet in de opslag."
    hint = "Met 'dekkend status' ziet u welke runs er zijn; 'laatste' en 'vorige' mag ook."


class UnknownSchoolError(DekkendError):
    code = "school-unknown"
    message = "Deze school staat niet in de opslag."
    hint = "Geef het BRIN-nummer of (een deel van) de naam zoals die in het profiel staat."


class DecisionError(DekkendError):
    code = "decision"
    message = "Dit besluit kan niet worden vastgelegd."
    hint = "Geef een reden en een naam, en een oordeel dat bij deze eis kan."


class AccountError(DekkendError):
    code = "account"
    message = "Dit kan niet met dit account."
    hint = "Met 'dekkend account list' ziet u welke accounts er zijn."
