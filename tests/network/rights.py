"""Who may read and who may send to every address of the house: `test_rights` holds the pages to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NOBODY: Final[frozenset[str]] = frozenset()
COOP_WRITERS: Final = frozenset({"alice", "animateur"})
COOP_READERS: Final = COOP_WRITERS | {"comptable", "administrateur", "federation"}
AD_READERS: Final = COOP_READERS - {"alice"}
AD_WRITERS: Final = frozenset({"administrateur"})
FEDERATION: Final = frozenset({"federation"})
STRANGERS: Final = frozenset({"charlie", "other AD's animateur", "other AD's administrateur", "former animateur", "future animateur"})
"""Charlie keeps another coop of the same AD."""
STAFF: Final = AD_READERS | (STRANGERS - {"charlie"})
EVERYBODY: Final = COOP_READERS | STRANGERS


@dataclass(frozen=True)
class Rule:
    """Who may read an address (GET) and who may send to it (POST). `thing` is what its `key` names."""

    get: frozenset[str] = NOBODY
    post: frozenset[str] = NOBODY
    thing: str = ""


READ_COOP = Rule(get=COOP_READERS)
WRITE_COOP = Rule(get=COOP_READERS, post=COOP_WRITERS)
PUBLIC = None
"""Pages without log-in; `tests/users/test_login_required.py` lists them."""

RULES: Final[dict[str, Rule | None]] = {
    "account": Rule(get=EVERYBODY),
    "account_change_password": Rule(get=EVERYBODY, post=EVERYBODY),
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_reauthenticate": Rule(get=EVERYBODY, post=EVERYBODY),
    "activation": PUBLIC,
    "activation_link": PUBLIC,
    "answer_remark": Rule(post=COOP_WRITERS, thing="remark"),
    "closing": WRITE_COOP,
    "entry_for_all": Rule(post=AD_READERS),
    "explain_finding": Rule(post=COOP_WRITERS),
    "review": Rule(get=AD_READERS),
    "review_decision": Rule(post=AD_READERS),
    "review_entry": Rule(post=AD_READERS),
    "review_remark": Rule(post=AD_READERS),
    "reviews": Rule(get=AD_READERS),
    "verify_seal": PUBLIC,
    "add_carried_item": Rule(post=COOP_WRITERS),
    "add_teacher": Rule(post=COOP_WRITERS),
    "add_vouchers": Rule(post=COOP_WRITERS, thing="operation"),
    "ask_signatures_again": Rule(post=COOP_WRITERS),
    "association": Rule(get=AD_READERS),
    "association_settings": Rule(get=AD_READERS, post=AD_WRITERS),
    "attestation": Rule(get=COOP_READERS, thing="lost_operation"),
    "balance_sheet": READ_COOP,
    "cahier": WRITE_COOP,
    "cash": WRITE_COOP,
    "cash_total": READ_COOP,
    "change_year": READ_COOP,
    "check_edited": Rule(post=COOP_WRITERS, thing="operation"),
    "check_operation": Rule(post=COOP_WRITERS),
    "check_password": PUBLIC,
    "close_statement": Rule(post=COOP_WRITERS, thing="statement"),
    "coop_file": Rule(get=AD_READERS),
    "coop_link": Rule(post=AD_WRITERS),
    "crf": READ_COOP,
    "crf_pdf": READ_COOP,
    "delete_operation": Rule(post=COOP_WRITERS, thing="operation"),
    "deliberation": Rule(get=COOP_READERS, post=COOP_WRITERS, thing="deliberation"),
    "deliberations": READ_COOP,
    "document": Rule(get=COOP_READERS, post=COOP_WRITERS, thing="document"),
    "document_file": Rule(get=COOP_READERS, thing="document"),
    "document_page": Rule(get=COOP_READERS, thing="document"),
    "documents": WRITE_COOP,
    "dossier": READ_COOP,
    "edit_statement": Rule(get=COOP_WRITERS, post=COOP_WRITERS, thing="statement"),
    "emargement": PUBLIC,
    "end_invitation": Rule(post=COOP_WRITERS, thing="verifier"),
    "end_mandate": Rule(post=AD_WRITERS, thing="mandate"),
    "end_role": Rule(post=AD_WRITERS, thing="role"),
    "export_inventory": READ_COOP,
    "federation": Rule(get=FEDERATION),
    "findings": READ_COOP,
    "gap_clues": Rule(get=COOP_READERS, thing="statement"),
    "general_ledger": READ_COOP,
    "give_mandate": Rule(post=AD_WRITERS),
    "give_signing_code": Rule(post=COOP_WRITERS, thing="verifier"),
    "health": PUBLIC,
    "history": READ_COOP,
    "home": READ_COOP,
    "inventory": READ_COOP,
    "inventory_item": Rule(get=COOP_READERS, post=COOP_WRITERS, thing="item"),
    "inventory_labels": READ_COOP,
    "invitation_paper": Rule(get=COOP_WRITERS, thing="verifier"),
    "join_document": Rule(post=COOP_WRITERS, thing="document"),
    "journal": READ_COOP,
    "list_purchase": Rule(post=COOP_WRITERS, thing="purchase"),
    "mfa_activate_totp": Rule(get=STAFF, post=STAFF),
    "mfa_authenticate": PUBLIC,
    "mfa_deactivate_totp": Rule(),
    "mfa_generate_recovery_codes": Rule(get=STAFF, post=STAFF),
    "missing_vouchers": READ_COOP,
    "new_coop": Rule(get=AD_WRITERS, post=AD_WRITERS),
    "new_deliberation": Rule(get=COOP_WRITERS, post=COOP_WRITERS),
    "new_item": Rule(get=COOP_WRITERS, post=COOP_WRITERS),
    "new_subsidy": Rule(post=COOP_WRITERS),
    "open_year": Rule(post=COOP_WRITERS),
    "opening": WRITE_COOP,
    "operation": Rule(get=COOP_READERS, post=COOP_WRITERS, thing="operation"),
    "part_document": Rule(post=COOP_WRITERS, thing="operation"),
    "password_forgotten": PUBLIC,
    "phone": PUBLIC,
    "phone_arrived": Rule(get=COOP_WRITERS),
    "phone_invite": Rule(get=COOP_WRITERS),
    "print_cahier": READ_COOP,
    "print_deliberations": READ_COOP,
    "print_inventory": READ_COOP,
    "quitus_paper": READ_COOP,
    "reconciliation": WRITE_COOP,
    "reconciliation_report": READ_COOP,
    "recovery_codes": Rule(get=STAFF),
    "redraw": Rule(post=COOP_WRITERS),
    "redraw_edited": Rule(post=COOP_WRITERS, thing="operation"),
    "registers": READ_COOP,
    "remove_carried_item": Rule(post=COOP_WRITERS, thing="carried_item"),
    "remove_cash_count": Rule(post=COOP_WRITERS, thing="cash_count"),
    "remove_deliberation": Rule(post=COOP_WRITERS, thing="deliberation"),
    "remove_document": Rule(post=COOP_WRITERS, thing="document"),
    "remove_item": Rule(post=COOP_WRITERS, thing="item"),
    "remove_statement": Rule(post=COOP_WRITERS, thing="statement"),
    "remove_subsidy": Rule(post=COOP_WRITERS, thing="subsidy"),
    "reopen_statement": Rule(post=COOP_WRITERS, thing="statement"),
    "resend_code": PUBLIC,
    "resend_invitation": Rule(post=COOP_WRITERS, thing="verifier"),
    "reset_account": Rule(post=AD_WRITERS),
    "restore_carried_item": Rule(post=COOP_WRITERS, thing="removed_carried_item"),
    "restore_cash_count": Rule(post=COOP_WRITERS, thing="removed_cash_count"),
    "restore_deliberation": Rule(post=COOP_WRITERS, thing="removed_deliberation"),
    "restore_document": Rule(post=COOP_WRITERS, thing="removed_document"),
    "restore_item": Rule(post=COOP_WRITERS, thing="removed_item"),
    "restore_operation": Rule(post=COOP_WRITERS, thing="removed_operation"),
    "restore_subsidy": Rule(post=COOP_WRITERS, thing="removed_subsidy"),
    "take_back_papers": Rule(post=COOP_WRITERS),
    "say_all_on_paper": Rule(post=COOP_WRITERS),
    "say_proof": Rule(post=COOP_WRITERS, thing="operation"),
    "sessions": Rule(get=EVERYBODY, post=EVERYBODY),
    "sign_as_mandataire": Rule(post=frozenset({"alice"}), thing="mandate"),
    "staff": Rule(get=AD_READERS, post=AD_WRITERS),
    "start": Rule(get=EVERYBODY),
    "statement": Rule(get=COOP_READERS, post=COOP_WRITERS, thing="statement"),
    "subsidies": READ_COOP,
    "subsidy": Rule(get=COOP_READERS, post=COOP_WRITERS, thing="subsidy"),
    "subsidy_report": Rule(get=COOP_READERS, thing="subsidy"),
    "subsidy_spendings": Rule(get=COOP_READERS, post=COOP_WRITERS, thing="subsidy"),
    "teachers_paper": Rule(get=COOP_WRITERS),
    "tick_until": Rule(post=COOP_WRITERS, thing="statement"),
    "trash": READ_COOP,
    "trial_balance": READ_COOP,
    "ui:asset": PUBLIC,
    "ui:components": PUBLIC,
    "untick_many": Rule(post=COOP_WRITERS, thing="statement"),
    "upload_quitus": Rule(post=COOP_WRITERS),
    "verifier": PUBLIC,
    "verifier_ask": PUBLIC,
    "verifier_crf": PUBLIC,
    "verifier_document_file": PUBLIC,
    "verifier_document_page": PUBLIC,
    "verifier_operation": PUBLIC,
    "verifier_search": PUBLIC,
    "verifier_sign": PUBLIC,
    "verifiers": WRITE_COOP,
    "withdraw_teacher": Rule(post=COOP_WRITERS, thing="verifier"),
}
