-- Times are UTC microseconds, booleans 0/1, hashes 32 octets. Ids come from `counter`, inside the
-- writing transaction, so that case numbers have no gaps and every table is filled the same way on every database.

CREATE TABLE counter (
    name  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

-- Keys of the reply tokens; the highest number signs, all verify.
CREATE TABLE token_key (
    number     INTEGER NOT NULL PRIMARY KEY,
    secret     BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- How far a mailbox was read: the highest UID of this UIDVALIDITY that is settled, in the ledger or in `unfetched`.
CREATE TABLE cursor (
    mailbox     TEXT    NOT NULL,
    folder      TEXT    NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid         INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (mailbox, folder)
) STRICT;

-- UIDs that the server lists and does not hand out; tried again, reported, never forgotten.
CREATE TABLE unfetched (
    mailbox     TEXT    NOT NULL,
    folder      TEXT    NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid         INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    error       TEXT    NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (mailbox, folder, uidvalidity, uid)
) STRICT;

-- What was in a folder when it was first seen, or seen under new numbers: mails up to `upto` that arrived before `before` are history.
CREATE TABLE first_sight (
    mailbox     TEXT    NOT NULL,
    folder      TEXT    NOT NULL,
    uidvalidity INTEGER NOT NULL,
    upto        INTEGER NOT NULL,
    before      INTEGER NOT NULL,
    PRIMARY KEY (mailbox, folder)
) STRICT;

-- Raw bytes, each content once: the id is that of the first ledger row that brought it.
CREATE TABLE raw (
    id    INTEGER NOT NULL PRIMARY KEY,
    bytes BLOB    NOT NULL
) STRICT;

-- Every mail ever fetched.
CREATE TABLE ledger (
    id            INTEGER NOT NULL PRIMARY KEY,
    source        TEXT    NOT NULL CHECK (source IN ('imap', 'maildir', 'pipe')),
    mailbox       TEXT    NOT NULL,
    folder        TEXT    NOT NULL DEFAULT '',
    uidvalidity   INTEGER NOT NULL DEFAULT 0,
    uid           INTEGER NOT NULL DEFAULT 0,
    -- What names the mail at its source: a UID, a file.
    place         TEXT    NOT NULL DEFAULT '',
    raw_id        INTEGER NOT NULL REFERENCES raw (id),
    sha256        BLOB    NOT NULL,
    content_hash  BLOB    NOT NULL,
    -- Octets of the mail as the source has it; more than `raw` holds when `oversize`.
    size          INTEGER NOT NULL,
    oversize      INTEGER NOT NULL DEFAULT 0,
    message_id    TEXT    NOT NULL DEFAULT '',
    received_at   INTEGER NOT NULL,
    -- When its server or its file says that it arrived; NULL where that is not known.
    arrived_at    INTEGER,
    -- The source was told (\Seen, moved, deleted).
    told          INTEGER NOT NULL DEFAULT 0,
    state         TEXT    NOT NULL CHECK (state IN ('new', 'done', 'quarantined')),
    attempts      INTEGER NOT NULL DEFAULT 0,
    origin        TEXT    NOT NULL DEFAULT '',
    verdict       TEXT    NOT NULL DEFAULT '',
    reason        TEXT    NOT NULL DEFAULT '',
    sender_proof  TEXT    NOT NULL DEFAULT '',
    -- The whole decision as JSON, for `mail explain`.
    trace         TEXT    NOT NULL DEFAULT '',
    ticket_id     INTEGER,
    settled_at    INTEGER
) STRICT;
CREATE INDEX ledger_new ON ledger (id) WHERE state = 'new';
CREATE INDEX ledger_untold ON ledger (mailbox, id) WHERE told = 0;
CREATE INDEX ledger_message_id ON ledger (message_id, content_hash);
CREATE UNIQUE INDEX ledger_uid ON ledger (mailbox, folder, uidvalidity, uid) WHERE uid > 0;
CREATE UNIQUE INDEX ledger_place ON ledger (mailbox, place) WHERE source = 'maildir';
CREATE INDEX ledger_quarantined ON ledger (id) WHERE state = 'quarantined';
CREATE INDEX ledger_arrived ON ledger (mailbox, arrived_at);

CREATE TABLE person (
    id           INTEGER NOT NULL PRIMARY KEY,
    email        TEXT    NOT NULL UNIQUE,
    name         TEXT    NOT NULL DEFAULT '',
    language     TEXT    NOT NULL DEFAULT '',
    -- Deliverability: a score that halves with time; see desk/deliverability.rs.
    bounce_score INTEGER NOT NULL DEFAULT 0,
    bounced_at   INTEGER NOT NULL DEFAULT 0,
    suppressed   INTEGER NOT NULL DEFAULT 0,
    -- The address is known to be its owner's: a mail from it was proven, or an engineer wrote to it.
    known        INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE engineer (
    person_id INTEGER NOT NULL REFERENCES person (id),
    queue     TEXT    NOT NULL,
    added_at  INTEGER NOT NULL,
    PRIMARY KEY (person_id, queue)
) STRICT;

CREATE TABLE ticket (
    id           INTEGER NOT NULL PRIMARY KEY,
    subject      TEXT    NOT NULL,
    status       TEXT    NOT NULL CHECK (status IN ('new', 'open', 'waiting', 'closed', 'held', 'merged')),
    priority     TEXT    NOT NULL DEFAULT 'normal',
    mailbox      TEXT    NOT NULL,
    queue        TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    requester_id INTEGER NOT NULL REFERENCES person (id),
    assignee_id  INTEGER REFERENCES person (id),
    -- The ticket this one was merged into; mails forward there.
    merged_into  INTEGER REFERENCES ticket (id),
    -- The ticket a held or late mail claimed or followed.
    linked_to    INTEGER REFERENCES ticket (id),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    closed_at    INTEGER,
    -- Requests of its requester that were filed on it because they opened too many.
    flooded      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX ticket_updated ON ticket (updated_at, id);
CREATE INDEX ticket_status ON ticket (status, updated_at);
CREATE INDEX ticket_requester ON ticket (requester_id, created_at);

-- People on a ticket besides its requester and assignee.
CREATE TABLE participant (
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    role      TEXT    NOT NULL CHECK (role IN ('copied', 'follower')),
    added_at  INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, person_id)
) STRICT;

-- How often somebody's reply token on a ticket was replaced, because others saw it.
CREATE TABLE reply_generation (
    ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
    person_id  INTEGER NOT NULL REFERENCES person (id),
    generation INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, person_id)
) STRICT;

-- What was said on a ticket. The words are a view on the raw mail (`ledger_id`) or on the mail we sent (`outbox_id`).
CREATE TABLE message (
    id         INTEGER NOT NULL PRIMARY KEY,
    ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
    direction  TEXT    NOT NULL CHECK (direction IN ('inbound', 'outbound', 'note')),
    visibility TEXT    NOT NULL CHECK (visibility IN ('public', 'note')),
    author_id  INTEGER REFERENCES person (id),
    message_id TEXT    NOT NULL DEFAULT '',
    ledger_id  INTEGER,
    outbox_id  INTEGER,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX message_ticket ON message (ticket_id, id);
CREATE INDEX message_message_id ON message (message_id) WHERE message_id <> '';

CREATE TABLE event (
    id        INTEGER NOT NULL PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    at        INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    by_id     INTEGER REFERENCES person (id),
    detail    TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX event_ticket ON event (ticket_id, id);

-- Every mail we send, one row a recipient: finished bytes, sent again as they are.
CREATE TABLE outbox (
    id              INTEGER NOT NULL PRIMARY KEY,
    notice          TEXT    NOT NULL,
    transport       TEXT    NOT NULL,
    -- 1 when a machine decided to send it: counted by the caps, suppressed after bounces.
    automatic       INTEGER NOT NULL,
    ticket_id       INTEGER REFERENCES ticket (id),
    -- The ledger row that caused it.
    ledger_id       INTEGER,
    person_id       INTEGER REFERENCES person (id),
    recipient       TEXT    NOT NULL,
    -- Envelope sender; empty is the null return path.
    return_path     TEXT    NOT NULL,
    subject         TEXT    NOT NULL,
    message_id      TEXT    NOT NULL UNIQUE,
    state           TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'later', 'failed', 'ambiguous', 'cancelled')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    -- 1 once it was resent after an ambiguous end: never a second time by itself.
    resent          INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    first_attempt_at INTEGER,
    next_attempt_at INTEGER NOT NULL,
    leased_until    INTEGER NOT NULL DEFAULT 0,
    sent_at         INTEGER,
    last_error      TEXT    NOT NULL DEFAULT '',
    -- Why it failed, where it did: what a server's refusal says of the address (`hard`, `soft`) or not (`refused`), or that
    -- no server took it in time (`expired`). Empty while it has not failed.
    cause           TEXT    NOT NULL DEFAULT '' CHECK (cause IN ('', 'hard', 'soft', 'refused', 'expired')),
    -- 1 once somebody was told that it failed.
    failure_told    INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Apart from `outbox`, so that a change of state does not write the mail again.
CREATE TABLE outbox_bytes (
    outbox_id INTEGER NOT NULL PRIMARY KEY REFERENCES outbox (id),
    bytes     BLOB    NOT NULL
) STRICT;
-- The same mail with its files left out and named: sent instead when the server says that it is too large, and gone once the mail is
-- sent.
CREATE TABLE outbox_spare (
    outbox_id INTEGER NOT NULL PRIMARY KEY REFERENCES outbox (id),
    bytes     BLOB    NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (transport, next_attempt_at) WHERE state IN ('queued', 'later', 'ambiguous');
CREATE INDEX outbox_leased ON outbox (leased_until) WHERE state = 'sending';
CREATE INDEX outbox_untold ON outbox (id) WHERE state = 'failed' AND failure_told = 0;
CREATE INDEX outbox_caps ON outbox (recipient, created_at) WHERE automatic = 1;
CREATE INDEX outbox_total ON outbox (created_at) WHERE automatic = 1;
CREATE INDEX outbox_ticket ON outbox (ticket_id);

-- Copies of mails that are owed to a folder of their mailbox, once the mail is sent. A row goes when its copy is there.
CREATE TABLE sent_copy (
    outbox_id INTEGER NOT NULL PRIMARY KEY REFERENCES outbox (id),
    -- The configured mailbox by its name.
    mailbox   TEXT    NOT NULL,
    attempts  INTEGER NOT NULL DEFAULT 0,
    -- 1 from just before the text goes to the server until its answer is known: the copy may be there.
    begun     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sent_copy_owed ON sent_copy (mailbox, attempts, outbox_id);

-- Engineers' mails that were acted on. Headers can be added to a mail without breaking its signature; its Message-ID and
-- its body stay, and are obeyed once.
CREATE TABLE obeyed (
    message_id TEXT    NOT NULL,
    body_hash  BLOB    NOT NULL,
    ledger_id  INTEGER NOT NULL REFERENCES ledger (id),
    PRIMARY KEY (message_id, body_hash)
) STRICT;

-- Automatic letters to people whom nothing showed to be who they say: what the breaker counts.
CREATE TABLE first_contact (
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    at        INTEGER NOT NULL,
    -- 1 when it was held back.
    held      INTEGER NOT NULL
) STRICT;
CREATE INDEX first_contact_at ON first_contact (at);

-- What the clock is to do, one row a kind and ticket. A row that was carried out is gone, in the transaction of what it
-- caused; the step after it is a new row, due from that moment on.
CREATE TABLE follow_up (
    ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
    kind       TEXT    NOT NULL,
    due_at     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- Counted before any work starts.
    attempts   INTEGER NOT NULL DEFAULT 0,
    -- An attempt is under way or failed: nobody tries before this.
    retry_at   INTEGER NOT NULL DEFAULT 0,
    -- 1 when it failed too often: kept to be seen, carried out no more.
    set_aside  INTEGER NOT NULL DEFAULT 0,
    -- What the kind remembers from step to step.
    detail     TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (ticket_id, kind)
) STRICT;
CREATE INDEX follow_up_due ON follow_up (due_at) WHERE set_aside = 0;
CREATE INDEX follow_up_created ON follow_up (created_at);

-- The companies whose people may ask for portal users.
CREATE TABLE account (
    id            INTEGER NOT NULL PRIMARY KEY,
    -- The public account ID as people type it, normalised; see desk/directory.rs.
    account_id    TEXT    NOT NULL UNIQUE,
    company       TEXT    NOT NULL,
    -- Resellers and distributors: they have the partner portal.
    partner       INTEGER NOT NULL DEFAULT 0,
    support_level TEXT    NOT NULL DEFAULT '',
    -- JSON: a list of names.
    products      TEXT    NOT NULL DEFAULT '[]',
    disabled      INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

-- Mail domains of an account; their subdomains belong to it as well.
CREATE TABLE account_domain (
    account_id INTEGER NOT NULL REFERENCES account (id),
    domain     TEXT    NOT NULL,
    PRIMARY KEY (account_id, domain)
) STRICT;

-- Addresses of people who may speak for an account, whatever their domain.
CREATE TABLE account_contact (
    account_id INTEGER NOT NULL REFERENCES account (id),
    email      TEXT    NOT NULL,
    PRIMARY KEY (account_id, email)
) STRICT;

-- Business Accounts: one person's sign-in to every portal. The user name is the address.
CREATE TABLE business_account (
    id              INTEGER NOT NULL PRIMARY KEY,
    email           TEXT    NOT NULL UNIQUE,
    first_name      TEXT    NOT NULL DEFAULT '',
    last_name       TEXT    NOT NULL DEFAULT '',
    account_id      INTEGER REFERENCES account (id),
    state           TEXT    NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
    administrator   INTEGER NOT NULL DEFAULT 0,
    -- Argon2id as a PHC string; empty when there is none.
    password_hash   TEXT    NOT NULL DEFAULT '',
    -- The secret of the second factor (RFC 6238); empty when there is none.
    factor_secret   BLOB    NOT NULL DEFAULT X'',
    -- The last time step of which a code was used: none is taken twice (RFC 6238 §5.2).
    factor_step     INTEGER NOT NULL DEFAULT 0,
    last_sign_in_at INTEGER,
    -- The identity provider's own name for them; empty when there is none.
    external_id     TEXT    NOT NULL DEFAULT '',
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX business_account_account ON business_account (account_id);

-- The portals that a Business Account may use.
CREATE TABLE portal_access (
    business_account_id INTEGER NOT NULL REFERENCES business_account (id),
    portal              TEXT    NOT NULL,
    enabled_at          INTEGER NOT NULL,
    PRIMARY KEY (business_account_id, portal)
) STRICT;

-- The form of a ticket: what is known of its fields, and how far it is.
CREATE TABLE form (
    ticket_id  INTEGER NOT NULL PRIMARY KEY REFERENCES ticket (id),
    -- The configured form by its name.
    form       TEXT    NOT NULL,
    stage      TEXT    NOT NULL CHECK (stage IN ('asking', 'working', 'approval', 'sent', 'cooling', 'engineer', 'done', 'declined')),
    -- The address it is about, normalised; empty while unknown. What a person does on a page finds the form by it.
    email      TEXT    NOT NULL DEFAULT '',
    -- Values with their places, doubts, rounds, approvals: JSON.
    data       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX form_email ON form (email, stage) WHERE email <> '';

-- What the directory of accounts is asked to do or to tell, worked off apart from the decision that asked.
CREATE TABLE directory_task (
    id              INTEGER NOT NULL PRIMARY KEY,
    ticket_id       INTEGER REFERENCES ticket (id),
    -- What the answer is for.
    purpose         TEXT    NOT NULL,
    -- The question: JSON; empty once it is answered.
    task            TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('new', 'done', 'failed')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    last_error      TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX directory_task_due ON directory_task (next_attempt_at) WHERE state = 'new';

-- Links and codes that were sent to somebody, each good for one use. Only the SHA-256 of the token is kept.
CREATE TABLE link (
    hash       BLOB    NOT NULL PRIMARY KEY,
    purpose    TEXT    NOT NULL CHECK (purpose IN ('activate', 'code', 'reset', 'enrol', 'stop')),
    -- The address it was sent for: a Business Account's user name.
    email      TEXT    NOT NULL,
    ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- When it was used or withdrawn.
    used_at    INTEGER,
    -- 1 when somebody asked for it who is proven to be whose account it is: such links have a limit of their own.
    by_owner   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX link_email ON link (email, created_at);

-- Who is signed in on the pages. Only the SHA-256 of a cookie is kept: who reads the database cannot use it.
CREATE TABLE session (
    id         BLOB    NOT NULL PRIMARY KEY,
    -- The Business Account's user name.
    email      TEXT    NOT NULL,
    -- 'code': the password was right, and the second factor's code is still to come.
    stage      TEXT    NOT NULL CHECK (stage IN ('code', 'signed_in')),
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX session_email ON session (email);
CREATE INDEX session_used ON session (used_at);

-- Browsers in which somebody signed in before: strangers' failures do not slow them down. SHA-256 of a cookie.
CREATE TABLE device (
    id      BLOB    NOT NULL PRIMARY KEY,
    email   TEXT    NOT NULL,
    used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX device_used ON device (used_at);

-- Attempts that failed, by the SHA-256 of what is counted: an address from a place, an address as such, a browser.
CREATE TABLE throttle (
    id       BLOB    NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX throttle_last ON throttle (last_at);

-- Access and refresh tokens (RFC 6749) of the providers in the configuration, sealed with the keys of token_key.
CREATE TABLE oauth_token (
    -- The NAME of [oauth.NAME].
    provider     TEXT    NOT NULL,
    -- The user a token is for; empty where one serves all.
    subject      TEXT    NOT NULL,
    access       BLOB,
    refresh      BLOB,
    scopes       TEXT    NOT NULL DEFAULT '',
    expires_at   INTEGER NOT NULL DEFAULT 0,
    renew_at     INTEGER NOT NULL DEFAULT 0,
    renewed_at   INTEGER,
    -- Why the last renewal failed; empty when it did not.
    error        TEXT    NOT NULL DEFAULT '',
    -- The failure stays until a person does something.
    stays        INTEGER NOT NULL DEFAULT 0 CHECK (stays IN (0, 1)),
    failed_at    INTEGER,
    retry_at     INTEGER NOT NULL DEFAULT 0,
    -- Who may renew it now: the last number that was given out, and until when it holds.
    lease_number INTEGER NOT NULL DEFAULT 0,
    lease_until  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (provider, subject)
) STRICT;

INSERT INTO counter (name, value) VALUES
    ('ledger', 0), ('person', 0), ('ticket', 0), ('message', 0), ('event', 0), ('outbox', 0), ('account', 0),
    ('business_account', 0), ('directory_task', 0);
