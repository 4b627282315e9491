"""What can be wrong with a batch as a whole; a document that can't be read is a report, no error."""

from __future__ import annotations

from pipeline.errors import DekkendError


class FolderMissingError(DekkendError):
    code = "folder-missing"
    message = "De map met documenten is er niet."
    hint = "Controleer de naam van de map, ook op hoofdletters."


class FolderUnreadableError(DekkendError):
    code = "folder-unreadable"
    message = "De map met documenten mag niet gelezen worden."
    hint = "Vraag de beheerder om leesrechten op de map, of kopieer de documenten naar een eigen map."


class NoDocumentsError(DekkendError):
    code = "no-documents"
    message = "In de map staan geen documenten."
    hint = "Geef een map met Word- of PDF-bestanden op; mappen daarbinnen tellen mee, verborgen bestanden niet."


class OutUnwritableError(DekkendError):
    code = "out-unwritable"
    message = "In de map voor de verslagen kan niet worden geschreven."
    hint = "Controleer de schrijfrechten en de vrije ruimte op de schijf, of kies met --out een andere map."


class OutPlaceError(DekkendError):
    code = "out-place"
    message = "De map voor de verslagen ligt verkeerd: zo komen verslagen tussen de documenten."
    hint = "Kies met --out een map buiten de documentenmap, of een eigen map daarbinnen."


class BatchBusyError(DekkendError):
    code = "batch-busy"
    message = "Er is al een toetsing bezig in deze map voor verslagen."
    hint = "Wacht tot die klaar is, of kies met --out een andere map."


class WorkersError(DekkendError):
    code = "workers"
    message = "De processen die de documenten lezen, stoppen telkens direct."
    hint = "Meestal is er te weinig geheugen vrij: sluit andere programma's of gebruik --workers 1."


class OrchestratorError(DekkendError):
    code = "orchestrator"
    message = "Prefect, dat de toetsing aanstuurt, kwam niet op gang."
    hint = "Probeer het nog eens; blijft het misgaan, zet dan DEKKEND_HOME op een lege map waarin u mag schrijven."


class AddressError(DekkendError):
    code = "address"
    message = "Dit adres van een inbox is niet te gebruiken."
    hint = "Geef een map of een adres dat fsspec kent (s3://, sftp://); soms is er een extra pakket voor nodig."


class AddressUnreachableError(DekkendError):
    code = "address-unreachable"
    message = "De inbox is niet bereikbaar."
    hint = "Controleer het adres, de rechten en de verbinding; een volgende keer wordt het opnieuw geprobeerd."


class InboxEmptyError(DekkendError):
    code = "inbox-empty"
    message = "De inbox is leeg, terwijl er eerder documenten in stonden."
    hint = "Is de schijf of map wel gekoppeld? Er is niets verwijderd. Is hij echt leeg, draai dan met --allow-empty."


class ClusterError(DekkendError):
    code = "cluster"
    message = "Het Dask-cluster is niet te gebruiken."
    hint = "Installeer dekkend[dask] en controleer het adres: --on dask://machine:8786."


class DigestError(DekkendError):
    code = "digest"
    message = "Het bericht kon niet worden verstuurd."
    hint = "Controleer de adressen onder 'notify'; de volgende run probeert het opnieuw, met al het nieuws."


class ServerError(DekkendError):
    code = "server"
    message = "De Prefect-server kwam niet op gang."
    hint = "Is de poort vrij? Kies met --port een andere, of zet PREFECT_API_URL op een server die al draait."


class PoolError(DekkendError):
    code = "pool"
    message = "Voor deze work pool is er geen deployment van helpers."
    hint = "Maak die met 'prefect deploy --name NAAM' en start workers; zie docs/operations.md."


class PlaceError(DekkendError):
    code = "place"
    message = "Deze plek om te toetsen bestaat niet."
    hint = "Kies bij --on: local, dask://machine:8786 of (alleen bij nightly) pool:NAAM."
