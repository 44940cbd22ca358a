"""Who may do what. A verb is one thing that an operation does; the table names the roles that may do it for anybody."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from entremise.kernel.act import STAFF, THE_CLOCK, Act, Door, Role
from entremise.kernel.refused import Refused


class Verb(StrEnum):
    PEOPLE_ADD = "people.add"
    PEOPLE_CHANGE = "people.change"
    PEOPLE_EXPORT = "people.export"
    LISTS_EXPORT = "lists.export"
    CONSENTS_RECORD = "consents.record"
    PAPERS_SHOW = "papers.show"
    TEXTS_STOP = "texts.stop"
    CARDS_PRINT = "cards.print"
    ROLES_GIVE = "roles.give"
    ACCOUNTS_GIVE = "accounts.give"
    PROGRAMS_LET_IN = "programs.let_in"
    IMPORTS_RUN = "imports.run"
    PLACES_LOAD = "places.load"
    FIGURES_OVERRIDE = "figures.override"
    CALLS_LOG = "calls.log"
    TASKS_ADD = "tasks.add"
    TASKS_FINISH = "tasks.finish"
    LETTERS_QUEUE = "letters.queue"
    MESSAGES_RECEIVE = "messages.receive"
    MESSAGES_HANDLE = "messages.handle"
    DOCUMENTS_ISSUE = "documents.issue"
    DOCUMENTS_READ = "documents.read"
    DOCUMENTS_SCAN = "documents.scan"
    WORKERS_CHANGE = "workers.change"
    SUPPLIERS_DESCRIBE = "suppliers.describe"
    TARIFFS_SET = "tariffs.set"
    IDENTITY_SET = "identity.set"
    OFFERS_PUBLISH = "offers.publish"
    OFFERS_OPEN = "offers.open"
    OFFERS_END = "offers.end"
    REQUESTS_POST = "requests.post"
    REQUESTS_IDENTIFY = "requests.identify"
    REQUESTS_CANCEL = "requests.cancel"
    REQUESTS_PROPOSE = "requests.propose"
    NOTICES_TURN_OVER = "notices.turn_over"
    INTERESTS_SHOW = "interests.show"
    SEARCHES_SAVE = "searches.save"
    ALERTS_SEND = "alerts.send"
    RULES_WAIVE = "rules.waive"
    PROPOSALS_ANSWER = "proposals.answer"
    PROPOSALS_EXPIRE = "proposals.expire"
    QUOTES_SEND = "quotes.send"
    QUOTES_ANSWER = "quotes.answer"
    MISSIONS_AGREE = "missions.agree"
    MISSIONS_SIGN = "missions.sign"
    MISSIONS_CANCEL = "missions.cancel"
    FEES_WAIVE = "fees.waive"
    FEEDBACK_GIVE = "feedback.give"
    FEEDBACK_OPEN = "feedback.open"
    FEEDBACK_DECIDE = "feedback.decide"
    HOURS_LOG = "hours.log"
    HOURS_CONFIRM = "hours.confirm"
    HOURS_PRESUME = "hours.presume"
    HOURS_SETTLE = "hours.settle"
    MONTHS_PREVIEW = "months.preview"
    MONTHS_SETTLE = "months.settle"
    GOODS_BILL = "goods.bill"
    INVOICES_CREDIT = "invoices.credit"
    BILLS_WRITE = "bills.write"
    BILLS_APPROVE = "bills.approve"
    SUPPLIER_PAID_SAY = "supplier_paid.say"
    PAYMENTS_RECEIVE = "payments.receive"
    PAYMENTS_ASK = "payments.ask"
    PAYMENTS_CARRY = "payments.carry"
    PAYMENTS_HEAR = "payments.hear"
    REFUNDS_ORDER = "refunds.order"
    PROVIDER_ACCOUNTS_ASK = "provider_accounts.ask"
    DEPOSITS_ASK = "deposits.ask"
    REMINDERS_SEND = "reminders.send"
    REMINDERS_PAUSE = "reminders.pause"
    PLANS_AGREE = "plans.agree"
    PAYERS_DESCRIBE = "payers.describe"
    SHARES_REFUSE = "shares.refuse"
    CASH_RECEIVE = "cash.receive"
    TIPS_GIVE = "tips.give"
    ACCOUNTS_USE = "accounts.use"
    ACCOUNTS_HOLD = "accounts.hold"
    ACCOUNTS_WITHDRAW = "accounts.withdraw"
    BANK_ACCOUNTS_SET = "bank_accounts.set"
    MANDATES_KEEP = "mandates.keep"
    MEANS_CHOOSE = "means.choose"
    STATEMENTS_IMPORT = "statements.import"
    DEBITS_ORDER = "debits.order"
    DEBITS_CONFIRM = "debits.confirm"
    PAYOUTS_ORDER = "payouts.order"
    PAYOUTS_CONFIRM = "payouts.confirm"
    BOOKS_CLOSE = "books.close"
    BOOKS_PROVE = "books.prove"
    BOOKS_EXPORT = "books.export"
    IMPACT_READ = "impact.read"
    FUNDS_OPEN = "funds.open"
    FUNDS_GIVE = "funds.give"
    FUNDS_RULE = "funds.rule"
    FUNDS_STATE = "funds.state"
    AIDS_ASK = "aids.ask"
    AIDS_READ = "aids.read"
    AIDS_VOTE = "aids.vote"
    AIDS_DECIDE = "aids.decide"
    AIDS_HURRY = "aids.hurry"
    AIDS_PAY = "aids.pay"
    AIDS_SETTLE = "aids.settle"
    CONTRIBUTIONS_SET = "contributions.set"
    PLACES_ASK = "places.ask"
    WORDS_SEAL = "words.seal"
    PLACES_GIVE = "places.give"
    PLACES_READ = "places.read"
    CAMPAIGNS_RUN = "campaigns.run"
    CAMPAIGNS_CARRY = "campaigns.carry"
    PLEDGES_MAKE = "pledges.make"
    NEEDS_SAY = "needs.say"
    NEEDS_GATHER = "needs.gather"
    BALLOTS_CAST = "ballots.cast"
    PARCELS_HAND = "parcels.hand"
    POOLS_RUN = "pools.run"
    POOLS_READ = "pools.read"
    POOLS_RECEIVE = "pools.receive"
    POOLS_LEAVE = "pools.leave"


C, S, T, D = Role.COORDINATOR, Role.SUPPORT_WORKER, Role.TREASURER, Role.DIRECTOR
DESK = frozenset({C, S, D})  # Those who speak with people.
JOBS = frozenset({C, D})
MONEY = frozenset({T, D})

TABLE: Mapping[Verb, frozenset[Role]] = {
    Verb.PEOPLE_ADD: STAFF,
    Verb.PEOPLE_CHANGE: STAFF,
    Verb.PEOPLE_EXPORT: frozenset({D}),
    Verb.LISTS_EXPORT: STAFF,  # Of the lists whose pages they see.
    Verb.CONSENTS_RECORD: DESK,
    Verb.PAPERS_SHOW: DESK,
    Verb.TEXTS_STOP: STAFF,
    Verb.CARDS_PRINT: DESK,
    Verb.ROLES_GIVE: frozenset({D}),
    Verb.ACCOUNTS_GIVE: frozenset({D}),
    Verb.PROGRAMS_LET_IN: frozenset({D}),
    Verb.IMPORTS_RUN: JOBS,
    Verb.PLACES_LOAD: frozenset({Role.NETWORK_OPERATOR}),  # All organisations share the communes.
    Verb.FIGURES_OVERRIDE: MONEY,
    Verb.CALLS_LOG: STAFF,
    Verb.TASKS_ADD: STAFF,
    Verb.TASKS_FINISH: STAFF,
    Verb.LETTERS_QUEUE: STAFF,
    Verb.MESSAGES_RECEIVE: STAFF,
    Verb.MESSAGES_HANDLE: STAFF,
    Verb.DOCUMENTS_ISSUE: STAFF,
    Verb.DOCUMENTS_READ: STAFF,
    Verb.DOCUMENTS_SCAN: STAFF,
    Verb.WORKERS_CHANGE: DESK,
    Verb.SUPPLIERS_DESCRIBE: JOBS,
    Verb.TARIFFS_SET: MONEY,
    Verb.IDENTITY_SET: frozenset({D}),  # Its IBAN is where everybody pays.
    Verb.OFFERS_PUBLISH: DESK,
    Verb.OFFERS_OPEN: JOBS,
    Verb.OFFERS_END: DESK,
    Verb.REQUESTS_POST: DESK,
    Verb.REQUESTS_IDENTIFY: DESK,
    Verb.REQUESTS_CANCEL: DESK,
    Verb.REQUESTS_PROPOSE: JOBS,
    Verb.NOTICES_TURN_OVER: JOBS,
    Verb.INTERESTS_SHOW: DESK,
    Verb.SEARCHES_SAVE: DESK,
    Verb.ALERTS_SEND: JOBS,
    Verb.RULES_WAIVE: JOBS,
    Verb.PROPOSALS_ANSWER: DESK,
    Verb.PROPOSALS_EXPIRE: JOBS,
    Verb.QUOTES_SEND: DESK,
    Verb.QUOTES_ANSWER: DESK,
    Verb.MISSIONS_AGREE: JOBS,
    Verb.MISSIONS_SIGN: JOBS,
    Verb.MISSIONS_CANCEL: JOBS,
    Verb.FEES_WAIVE: JOBS,
    Verb.FEEDBACK_GIVE: DESK,
    Verb.FEEDBACK_OPEN: JOBS,
    Verb.FEEDBACK_DECIDE: JOBS,
    Verb.HOURS_LOG: DESK,
    Verb.HOURS_CONFIRM: DESK,
    Verb.HOURS_PRESUME: JOBS,
    Verb.HOURS_SETTLE: JOBS,
    Verb.MONTHS_PREVIEW: JOBS | MONEY,
    Verb.MONTHS_SETTLE: MONEY,
    Verb.GOODS_BILL: JOBS | MONEY,
    Verb.INVOICES_CREDIT: MONEY,
    Verb.BILLS_WRITE: MONEY,
    Verb.BILLS_APPROVE: MONEY,
    Verb.SUPPLIER_PAID_SAY: JOBS | MONEY,
    Verb.PAYMENTS_RECEIVE: MONEY,
    Verb.PAYMENTS_ASK: JOBS | MONEY,
    Verb.PAYMENTS_CARRY: MONEY,
    Verb.PAYMENTS_HEAR: MONEY,
    Verb.REFUNDS_ORDER: MONEY,
    Verb.PROVIDER_ACCOUNTS_ASK: frozenset(),  # By whoever is to be paid: the provider asks them who they are.
    Verb.DEPOSITS_ASK: JOBS | MONEY,  # Asked, taken of what is held, given up or left to the client.
    Verb.REMINDERS_SEND: JOBS | MONEY,
    Verb.REMINDERS_PAUSE: STAFF,  # Whoever hears that somebody has a hard month.
    Verb.PLANS_AGREE: JOBS | MONEY,
    Verb.PAYERS_DESCRIBE: JOBS | MONEY,
    Verb.SHARES_REFUSE: MONEY,
    Verb.CASH_RECEIVE: JOBS | MONEY,  # Somebody at the counter takes the coins.
    Verb.TIPS_GIVE: JOBS | MONEY,  # At the counter, as the client says.
    Verb.ACCOUNTS_USE: JOBS | MONEY,
    Verb.ACCOUNTS_HOLD: JOBS | MONEY,
    Verb.ACCOUNTS_WITHDRAW: JOBS | MONEY,  # Asking for it: a treasurer makes the file.
    # A coordinator writes the account down and a treasurer orders the payment: never one person alone.
    Verb.BANK_ACCOUNTS_SET: JOBS | MONEY,
    Verb.MANDATES_KEEP: JOBS | MONEY,
    Verb.MEANS_CHOOSE: frozenset(),  # By whoever pays with them: nobody is charged on another's word.
    Verb.STATEMENTS_IMPORT: MONEY,
    Verb.DEBITS_ORDER: MONEY,
    Verb.DEBITS_CONFIRM: MONEY,
    Verb.PAYOUTS_ORDER: MONEY,
    Verb.PAYOUTS_CONFIRM: MONEY,
    Verb.BOOKS_CLOSE: MONEY,
    Verb.BOOKS_PROVE: frozenset(),  # By the clock and its commands: nobody writes down that all is well.
    Verb.BOOKS_EXPORT: MONEY,
    Verb.IMPACT_READ: STAFF,
    Verb.FUNDS_OPEN: MONEY,
    Verb.FUNDS_GIVE: JOBS | MONEY,  # Somebody at the counter takes the coins.
    Verb.FUNDS_RULE: frozenset({D}),
    Verb.FUNDS_STATE: MONEY,
    # Who speaks with people writes down and reads why they ask; the treasurer pays without reading it.
    Verb.AIDS_ASK: DESK,
    Verb.AIDS_READ: DESK,
    Verb.AIDS_VOTE: frozenset({S, D}),
    Verb.AIDS_DECIDE: frozenset({S, D}),
    Verb.AIDS_HURRY: DESK,
    Verb.AIDS_PAY: MONEY,
    Verb.AIDS_SETTLE: DESK | MONEY,  # An invoice of ours, out of what was promised for it before.
    Verb.CONTRIBUTIONS_SET: JOBS | MONEY,
    # Who has a price of their own is read by those who sit with the committee and by the treasurer: not at the counter.
    Verb.PLACES_ASK: frozenset({S, D}),
    Verb.PLACES_GIVE: frozenset({S, D}),
    Verb.PLACES_READ: frozenset({S, T, D}),
    Verb.CAMPAIGNS_RUN: JOBS,
    Verb.CAMPAIGNS_CARRY: JOBS | MONEY,  # What follows by itself from what was decided.
    Verb.PLEDGES_MAKE: DESK,
    Verb.NEEDS_SAY: DESK,
    Verb.NEEDS_GATHER: JOBS,
    Verb.BALLOTS_CAST: DESK,
    Verb.PARCELS_HAND: JOBS | MONEY,  # What is handed over is billed.
    # Care is between people and whoever looks after them: those who only plan jobs never see who is helped with what.
    # A treasurer sees balances and takes the money in, but not what the help is for (`POOLS_RUN`).
    Verb.POOLS_RUN: frozenset({S, D}),
    Verb.POOLS_READ: frozenset({S, T, D}),
    Verb.POOLS_RECEIVE: frozenset({S, T, D}),
    Verb.POOLS_LEAVE: frozenset({S, D}),
    Verb.WORDS_SEAL: frozenset(),  # By whoever holds the key, with a command.
}

# What people do with what is theirs, without any role at the desk.
OWN = frozenset(
    {
        Verb.PEOPLE_CHANGE,
        Verb.PEOPLE_EXPORT,
        Verb.LISTS_EXPORT,
        Verb.CONSENTS_RECORD,
        Verb.TEXTS_STOP,
        Verb.DOCUMENTS_READ,
        Verb.OFFERS_PUBLISH,
        Verb.OFFERS_END,
        Verb.REQUESTS_POST,
        Verb.REQUESTS_CANCEL,
        Verb.PROPOSALS_ANSWER,
        Verb.INTERESTS_SHOW,
        Verb.SEARCHES_SAVE,
        Verb.QUOTES_SEND,
        Verb.QUOTES_ANSWER,
        Verb.SUPPLIER_PAID_SAY,
        Verb.MISSIONS_SIGN,
        Verb.MISSIONS_CANCEL,
        Verb.FEES_WAIVE,  # Owed to themselves.
        Verb.HOURS_LOG,
        Verb.HOURS_CONFIRM,
        Verb.FEEDBACK_GIVE,
        Verb.MESSAGES_RECEIVE,
        Verb.MANDATES_KEEP,
        Verb.MEANS_CHOOSE,
        Verb.PAYMENTS_ASK,  # They owe it.
        Verb.PROVIDER_ACCOUNTS_ASK,
        Verb.TIPS_GIVE,
        Verb.ACCOUNTS_USE,
        Verb.ACCOUNTS_HOLD,
        Verb.ACCOUNTS_WITHDRAW,
        Verb.AIDS_ASK,
        Verb.AIDS_VOTE,  # From their own seat.
        Verb.PLACES_ASK,
        Verb.CONTRIBUTIONS_SET,
        Verb.REMINDERS_PAUSE,
        Verb.PLANS_AGREE,
        Verb.CAMPAIGNS_RUN,  # Of a group that they organise.
        Verb.CAMPAIGNS_CARRY,
        Verb.PLEDGES_MAKE,
        Verb.NEEDS_SAY,
        Verb.NEEDS_GATHER,  # Of a group that they organise.
        Verb.BALLOTS_CAST,
        Verb.POOLS_LEAVE,
    }
)

# What a visitor nobody knows may do: ask for help, give, write, be left alone, say that a payment wants a look.
OPEN = frozenset(
    {
        Verb.PEOPLE_ADD,
        Verb.CONSENTS_RECORD,
        Verb.REQUESTS_POST,
        Verb.MESSAGES_RECEIVE,
        Verb.TEXTS_STOP,
        Verb.PAYMENTS_ASK,  # For whoever they have just written down as.
        Verb.PAYMENTS_HEAR,
    }
)

# What the organisation's own clock and its commands do. It never waives, signs or orders money out.
CLOCK = frozenset(
    {
        Verb.PEOPLE_ADD,
        Verb.PEOPLE_CHANGE,
        Verb.CONSENTS_RECORD,
        Verb.TEXTS_STOP,
        Verb.ROLES_GIVE,
        Verb.ACCOUNTS_GIVE,
        Verb.IMPORTS_RUN,
        Verb.PLACES_LOAD,
        Verb.TASKS_ADD,
        Verb.LETTERS_QUEUE,
        Verb.MESSAGES_RECEIVE,
        Verb.MESSAGES_HANDLE,
        Verb.DOCUMENTS_ISSUE,
        Verb.OFFERS_END,
        Verb.REQUESTS_POST,
        Verb.PROPOSALS_EXPIRE,
        Verb.NOTICES_TURN_OVER,
        Verb.ALERTS_SEND,
        Verb.HOURS_PRESUME,
        Verb.FEEDBACK_OPEN,
        Verb.MONTHS_SETTLE,
        Verb.GOODS_BILL,
        Verb.PAYMENTS_RECEIVE,
        Verb.PAYMENTS_ASK,  # Of what a client has held for a work, when it is billed.
        Verb.PAYMENTS_CARRY,
        Verb.MANDATES_KEEP,  # Only ever to end: what was contested is charged no more.
        Verb.REMINDERS_SEND,  # But the firm one.
        Verb.STATEMENTS_IMPORT,
        Verb.BOOKS_PROVE,
        Verb.IMPACT_READ,
        Verb.AIDS_SETTLE,  # Nothing leaves: it was promised.
        Verb.WORDS_SEAL,
        Verb.FUNDS_GIVE,  # What a client said they add.
        Verb.PLACES_GIVE,  # First come.
        Verb.CAMPAIGNS_CARRY,
        Verb.PLEDGES_MAKE,  # What a household said it wants each time.
        Verb.ACCOUNTS_HOLD,  # For that, when they said so: nothing leaves.
    }
)


def may(roles: frozenset[Role], verb: Verb) -> bool:
    """Whether one of `roles` may do it for anybody."""
    return bool(roles & TABLE[verb])


def allowed(act: Act, verb: Verb, *, owner: UUID | None = None) -> bool:
    """Whether this act may do it to something that belongs to `owner`, None when it is nobody's in particular."""
    if act.by.person is None:
        # The clock and a visitor are both nobody: the door tells them apart.
        if act.door is Door.CLOCK and act.by == THE_CLOCK:
            return verb in CLOCK
        return verb in OPEN and owner == act.whose  # Nobody's, or theirs who were just written down.
    return may(act.by.roles, verb) or (verb in OWN and owner is not None and act.by.person == owner == act.whose)


def require(act: Act, verb: Verb, *, owner: UUID | None = None) -> None:
    """Raises Refused("not_allowed") unless the act is `allowed`."""
    if not allowed(act, verb, owner=owner):
        raise Refused("not_allowed", {"verb": verb.value})
