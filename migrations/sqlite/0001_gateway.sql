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

CREATE TABLE person (
    id           INTEGER NOT NULL PRIMARY KEY,
    email        TEXT    NOT NULL UNIQUE,
    name         TEXT    NOT NULL DEFAULT '',
    language     TEXT    NOT NULL DEFAULT '',
    -- Deliverability: a score that halves with time; see desk/deliverability.rs.
    bounce_score INTEGER NOT NULL DEFAULT 0,
    bounced_at   INTEGER NOT NULL DEFAULT 0,
    suppressed   INTEGER NOT NULL DEFAULT 0,
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
    closed_at    INTEGER
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
    -- 1 once somebody was told that it failed.
    failure_told    INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Apart from `outbox`, so that a change of state does not write the mail again.
CREATE TABLE outbox_bytes (
    outbox_id INTEGER NOT NULL PRIMARY KEY REFERENCES outbox (id),
    bytes     BLOB    NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (transport, next_attempt_at) WHERE state IN ('queued', 'later', 'ambiguous');
CREATE INDEX outbox_leased ON outbox (leased_until) WHERE state = 'sending';
CREATE INDEX outbox_untold ON outbox (id) WHERE state = 'failed' AND failure_told = 0;
CREATE INDEX outbox_caps ON outbox (recipient, created_at) WHERE automatic = 1;
CREATE INDEX outbox_total ON outbox (created_at) WHERE automatic = 1;
CREATE INDEX outbox_ticket ON outbox (ticket_id);

INSERT INTO counter (name, value) VALUES
    ('ledger', 0), ('person', 0), ('ticket', 0), ('message', 0), ('event', 0), ('outbox', 0);
