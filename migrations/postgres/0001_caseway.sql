-- The twin of migrations/sqlite, file by file. Text is sorted and compared by its bytes, as SQLite does.
-- Times are UTC microseconds, booleans 0/1, hashes 32 octets. Ids come from `counter`, inside the
-- writing transaction, so that case numbers have no gaps and every table is filled the same way on every database.

CREATE TABLE counter (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

-- Keys of the reply tokens; the highest number signs, all verify.
CREATE TABLE token_key (
    number     BIGINT NOT NULL PRIMARY KEY,
    secret     BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- How far a mailbox was read: the highest UID of this UIDVALIDITY that is settled, in the ledger or in `unfetched`.
CREATE TABLE cursor (
    mailbox     TEXT COLLATE "C" NOT NULL,
    folder      TEXT COLLATE "C" NOT NULL,
    uidvalidity BIGINT NOT NULL,
    uid         BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (mailbox, folder)
);

-- UIDs that the server lists and does not hand out; tried again, reported, never forgotten.
CREATE TABLE unfetched (
    mailbox     TEXT COLLATE "C" NOT NULL,
    folder      TEXT COLLATE "C" NOT NULL,
    uidvalidity BIGINT NOT NULL,
    uid         BIGINT NOT NULL,
    attempts    BIGINT NOT NULL,
    error       TEXT COLLATE "C" NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (mailbox, folder, uidvalidity, uid)
);

-- What was in a folder when it was first seen, or seen under new numbers: mails up to `upto` that arrived before `before` are history.
CREATE TABLE first_sight (
    mailbox     TEXT COLLATE "C" NOT NULL,
    folder      TEXT COLLATE "C" NOT NULL,
    uidvalidity BIGINT NOT NULL,
    upto        BIGINT NOT NULL,
    before      BIGINT NOT NULL,
    PRIMARY KEY (mailbox, folder)
);

-- Raw bytes, each content once: the id is that of the first ledger row that brought it.
CREATE TABLE raw (
    id    BIGINT NOT NULL PRIMARY KEY,
    bytes BYTEA NOT NULL
);

-- Every mail ever fetched.
CREATE TABLE ledger (
    id            BIGINT NOT NULL PRIMARY KEY,
    source        TEXT COLLATE "C" NOT NULL CHECK (source IN ('imap', 'maildir', 'pipe')),
    mailbox       TEXT COLLATE "C" NOT NULL,
    folder        TEXT COLLATE "C" NOT NULL DEFAULT '',
    uidvalidity   BIGINT NOT NULL DEFAULT 0,
    uid           BIGINT NOT NULL DEFAULT 0,
    -- What names the mail at its source: a UID, a file.
    place         TEXT COLLATE "C" NOT NULL DEFAULT '',
    raw_id        BIGINT NOT NULL REFERENCES raw (id),
    sha256        BYTEA NOT NULL,
    content_hash  BYTEA NOT NULL,
    -- Octets of the mail as the source has it; more than `raw` holds when `oversize`.
    size          BIGINT NOT NULL,
    oversize      BIGINT NOT NULL DEFAULT 0,
    message_id    TEXT COLLATE "C" NOT NULL DEFAULT '',
    received_at   BIGINT NOT NULL,
    -- When its server or its file says that it arrived; NULL where that is not known.
    arrived_at    BIGINT,
    -- The source was told (\Seen, moved, deleted).
    told          BIGINT NOT NULL DEFAULT 0,
    state         TEXT COLLATE "C" NOT NULL CHECK (state IN ('new', 'done', 'quarantined')),
    attempts      BIGINT NOT NULL DEFAULT 0,
    origin        TEXT COLLATE "C" NOT NULL DEFAULT '',
    verdict       TEXT COLLATE "C" NOT NULL DEFAULT '',
    reason        TEXT COLLATE "C" NOT NULL DEFAULT '',
    sender_proof  TEXT COLLATE "C" NOT NULL DEFAULT '',
    -- The whole decision as JSON, for `mail explain`.
    trace         TEXT COLLATE "C" NOT NULL DEFAULT '',
    ticket_id     BIGINT,
    settled_at    BIGINT 
);
CREATE INDEX ledger_new ON ledger (id) WHERE state = 'new';
CREATE INDEX ledger_untold ON ledger (mailbox, id) WHERE told = 0;
CREATE INDEX ledger_message_id ON ledger (message_id, content_hash);
CREATE UNIQUE INDEX ledger_uid ON ledger (mailbox, folder, uidvalidity, uid) WHERE uid > 0;
CREATE UNIQUE INDEX ledger_place ON ledger (mailbox, place) WHERE source = 'maildir';
CREATE INDEX ledger_quarantined ON ledger (id) WHERE state = 'quarantined';
CREATE INDEX ledger_arrived ON ledger (mailbox, arrived_at);

CREATE TABLE person (
    id           BIGINT NOT NULL PRIMARY KEY,
    email        TEXT COLLATE "C" NOT NULL UNIQUE,
    name         TEXT COLLATE "C" NOT NULL DEFAULT '',
    language     TEXT COLLATE "C" NOT NULL DEFAULT '',
    -- Deliverability: a score that halves with time; see desk/deliverability.rs.
    bounce_score BIGINT NOT NULL DEFAULT 0,
    bounced_at   BIGINT NOT NULL DEFAULT 0,
    suppressed   BIGINT NOT NULL DEFAULT 0,
    -- The address is known to be its owner's: a mail from it was proven, or an engineer wrote to it.
    known        BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL
);

CREATE TABLE engineer (
    person_id BIGINT NOT NULL REFERENCES person (id),
    queue     TEXT COLLATE "C" NOT NULL,
    added_at  BIGINT NOT NULL,
    PRIMARY KEY (person_id, queue)
);

CREATE TABLE ticket (
    id           BIGINT NOT NULL PRIMARY KEY,
    subject      TEXT COLLATE "C" NOT NULL,
    status       TEXT COLLATE "C" NOT NULL CHECK (status IN ('new', 'open', 'waiting', 'closed', 'held', 'merged')),
    priority     TEXT COLLATE "C" NOT NULL DEFAULT 'normal',
    mailbox      TEXT COLLATE "C" NOT NULL,
    queue        TEXT COLLATE "C" NOT NULL,
    language     TEXT COLLATE "C" NOT NULL,
    requester_id BIGINT NOT NULL REFERENCES person (id),
    assignee_id  BIGINT REFERENCES person (id),
    -- The ticket this one was merged into; mails forward there.
    merged_into  BIGINT REFERENCES ticket (id),
    -- The ticket a held or late mail claimed or followed.
    linked_to    BIGINT REFERENCES ticket (id),
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    closed_at    BIGINT,
    -- Requests of its requester that were filed on it because they opened too many.
    flooded      BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX ticket_updated ON ticket (updated_at, id);
CREATE INDEX ticket_status ON ticket (status, updated_at);
CREATE INDEX ticket_requester ON ticket (requester_id, created_at);

-- People on a ticket besides its requester and assignee.
CREATE TABLE participant (
    ticket_id BIGINT NOT NULL REFERENCES ticket (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    role      TEXT COLLATE "C" NOT NULL CHECK (role IN ('copied', 'follower')),
    added_at  BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, person_id)
);

-- How often somebody's reply token on a ticket was replaced, because others saw it.
CREATE TABLE reply_generation (
    ticket_id  BIGINT NOT NULL REFERENCES ticket (id),
    person_id  BIGINT NOT NULL REFERENCES person (id),
    generation BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, person_id)
);

-- What was said on a ticket. The words are a view on the raw mail (`ledger_id`) or on the mail we sent (`outbox_id`).
CREATE TABLE message (
    id         BIGINT NOT NULL PRIMARY KEY,
    ticket_id  BIGINT NOT NULL REFERENCES ticket (id),
    direction  TEXT COLLATE "C" NOT NULL CHECK (direction IN ('inbound', 'outbound', 'note')),
    visibility TEXT COLLATE "C" NOT NULL CHECK (visibility IN ('public', 'note')),
    author_id  BIGINT REFERENCES person (id),
    message_id TEXT COLLATE "C" NOT NULL DEFAULT '',
    ledger_id  BIGINT,
    outbox_id  BIGINT,
    at         BIGINT NOT NULL
);
CREATE INDEX message_ticket ON message (ticket_id, id);
CREATE INDEX message_message_id ON message (message_id) WHERE message_id <> '';

CREATE TABLE event (
    id        BIGINT NOT NULL PRIMARY KEY,
    ticket_id BIGINT NOT NULL REFERENCES ticket (id),
    at        BIGINT NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    by_id     BIGINT REFERENCES person (id),
    detail    TEXT COLLATE "C" NOT NULL DEFAULT ''
);
CREATE INDEX event_ticket ON event (ticket_id, id);

-- Every mail we send, one row a recipient: finished bytes, sent again as they are.
CREATE TABLE outbox (
    id              BIGINT NOT NULL PRIMARY KEY,
    notice          TEXT COLLATE "C" NOT NULL,
    transport       TEXT COLLATE "C" NOT NULL,
    -- 1 when a machine decided to send it: counted by the caps, suppressed after bounces.
    automatic       BIGINT NOT NULL,
    ticket_id       BIGINT REFERENCES ticket (id),
    -- The ledger row that caused it.
    ledger_id       BIGINT,
    person_id       BIGINT REFERENCES person (id),
    recipient       TEXT COLLATE "C" NOT NULL,
    -- Envelope sender; empty is the null return path.
    return_path     TEXT COLLATE "C" NOT NULL,
    subject         TEXT COLLATE "C" NOT NULL,
    message_id      TEXT COLLATE "C" NOT NULL UNIQUE,
    state           TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'later', 'failed', 'ambiguous', 'cancelled')),
    attempts        BIGINT NOT NULL DEFAULT 0,
    -- 1 once it was resent after an ambiguous end: never a second time by itself.
    resent          BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL,
    first_attempt_at BIGINT,
    next_attempt_at BIGINT NOT NULL,
    leased_until    BIGINT NOT NULL DEFAULT 0,
    sent_at         BIGINT,
    last_error      TEXT COLLATE "C" NOT NULL DEFAULT '',
    -- Why it failed, where it did: what a server's refusal says of the address (`hard`, `soft`) or not (`refused`), or that
    -- no server took it in time (`expired`). Empty while it has not failed.
    cause           TEXT COLLATE "C" NOT NULL DEFAULT '' CHECK (cause IN ('', 'hard', 'soft', 'refused', 'expired')),
    -- 1 once somebody was told that it failed.
    failure_told    BIGINT NOT NULL DEFAULT 0
);
-- Apart from `outbox`, so that a change of state does not write the mail again.
CREATE TABLE outbox_bytes (
    outbox_id BIGINT NOT NULL PRIMARY KEY REFERENCES outbox (id),
    bytes     BYTEA NOT NULL
);
-- The same mail with its files left out and named: sent instead when the server says that it is too large, and gone once the mail is
-- sent.
CREATE TABLE outbox_spare (
    outbox_id BIGINT NOT NULL PRIMARY KEY REFERENCES outbox (id),
    bytes     BYTEA NOT NULL
);
CREATE INDEX outbox_due ON outbox (transport, next_attempt_at) WHERE state IN ('queued', 'later', 'ambiguous');
CREATE INDEX outbox_leased ON outbox (leased_until) WHERE state = 'sending';
CREATE INDEX outbox_untold ON outbox (id) WHERE state = 'failed' AND failure_told = 0;
CREATE INDEX outbox_caps ON outbox (recipient, created_at) WHERE automatic = 1;
CREATE INDEX outbox_total ON outbox (created_at) WHERE automatic = 1;
CREATE INDEX outbox_ticket ON outbox (ticket_id);

-- Copies of mails that are owed to a folder of their mailbox, once the mail is sent. A row goes when its copy is there.
CREATE TABLE sent_copy (
    outbox_id BIGINT NOT NULL PRIMARY KEY REFERENCES outbox (id),
    -- The configured mailbox by its name.
    mailbox   TEXT COLLATE "C" NOT NULL,
    attempts  BIGINT NOT NULL DEFAULT 0,
    -- 1 from just before the text goes to the server until its answer is known: the copy may be there.
    begun     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sent_copy_owed ON sent_copy (mailbox, attempts, outbox_id);

-- Engineers' mails that were acted on. Headers can be added to a mail without breaking its signature; its Message-ID and
-- its body stay, and are obeyed once.
CREATE TABLE obeyed (
    message_id TEXT COLLATE "C" NOT NULL,
    body_hash  BYTEA NOT NULL,
    ledger_id  BIGINT NOT NULL REFERENCES ledger (id),
    PRIMARY KEY (message_id, body_hash)
);

-- Automatic letters to people whom nothing showed to be who they say: what the breaker counts.
CREATE TABLE first_contact (
    ticket_id BIGINT NOT NULL REFERENCES ticket (id),
    at        BIGINT NOT NULL,
    -- 1 when it was held back.
    held      BIGINT NOT NULL
);
CREATE INDEX first_contact_at ON first_contact (at);

-- What the clock is to do, one row a kind and ticket. A row that was carried out is gone, in the transaction of what it
-- caused; the step after it is a new row, due from that moment on.
CREATE TABLE follow_up (
    ticket_id  BIGINT NOT NULL REFERENCES ticket (id),
    kind       TEXT COLLATE "C" NOT NULL,
    due_at     BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Counted before any work starts.
    attempts   BIGINT NOT NULL DEFAULT 0,
    -- An attempt is under way or failed: nobody tries before this.
    retry_at   BIGINT NOT NULL DEFAULT 0,
    -- 1 when it failed too often: kept to be seen, carried out no more.
    set_aside  BIGINT NOT NULL DEFAULT 0,
    -- What the kind remembers from step to step.
    detail     TEXT COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (ticket_id, kind)
);
CREATE INDEX follow_up_due ON follow_up (due_at) WHERE set_aside = 0;
CREATE INDEX follow_up_created ON follow_up (created_at);

-- The companies whose people may ask for portal users.
CREATE TABLE account (
    id            BIGINT NOT NULL PRIMARY KEY,
    -- The public account ID as people type it, normalised; see desk/directory.rs.
    account_id    TEXT COLLATE "C" NOT NULL UNIQUE,
    company       TEXT COLLATE "C" NOT NULL,
    -- Resellers and distributors: they have the partner portal.
    partner       BIGINT NOT NULL DEFAULT 0,
    support_level TEXT COLLATE "C" NOT NULL DEFAULT '',
    -- JSON: a list of names.
    products      TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    disabled      BIGINT NOT NULL DEFAULT 0,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);

-- Mail domains of an account; their subdomains belong to it as well.
CREATE TABLE account_domain (
    account_id BIGINT NOT NULL REFERENCES account (id),
    domain     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, domain)
);

-- Addresses of people who may speak for an account, whatever their domain.
CREATE TABLE account_contact (
    account_id BIGINT NOT NULL REFERENCES account (id),
    email      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, email)
);

-- Business Accounts: one person's sign-in to every portal. The user name is the address.
CREATE TABLE business_account (
    id              BIGINT NOT NULL PRIMARY KEY,
    email           TEXT COLLATE "C" NOT NULL UNIQUE,
    first_name      TEXT COLLATE "C" NOT NULL DEFAULT '',
    last_name       TEXT COLLATE "C" NOT NULL DEFAULT '',
    account_id      BIGINT REFERENCES account (id),
    state           TEXT COLLATE "C" NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
    administrator   BIGINT NOT NULL DEFAULT 0,
    -- Argon2id as a PHC string; empty when there is none.
    password_hash   TEXT COLLATE "C" NOT NULL DEFAULT '',
    -- The secret of the second factor (RFC 6238); empty when there is none.
    factor_secret   BYTEA NOT NULL DEFAULT '',
    -- The last time step of which a code was used: none is taken twice (RFC 6238 §5.2).
    factor_step     BIGINT NOT NULL DEFAULT 0,
    last_sign_in_at BIGINT,
    -- The identity provider's own name for them; empty when there is none.
    external_id     TEXT COLLATE "C" NOT NULL DEFAULT '',
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE INDEX business_account_account ON business_account (account_id);

-- The portals that a Business Account may use.
CREATE TABLE portal_access (
    business_account_id BIGINT NOT NULL REFERENCES business_account (id),
    portal              TEXT COLLATE "C" NOT NULL,
    enabled_at          BIGINT NOT NULL,
    PRIMARY KEY (business_account_id, portal)
);

-- The form of a ticket: what is known of its fields, and how far it is.
CREATE TABLE form (
    ticket_id  BIGINT NOT NULL PRIMARY KEY REFERENCES ticket (id),
    -- The configured form by its name.
    form       TEXT COLLATE "C" NOT NULL,
    stage      TEXT COLLATE "C" NOT NULL CHECK (stage IN ('asking', 'working', 'approval', 'sent', 'cooling', 'engineer', 'done', 'declined')),
    -- The address it is about, normalised; empty while unknown. What a person does on a page finds the form by it.
    email      TEXT COLLATE "C" NOT NULL DEFAULT '',
    -- Values with their places, doubts, rounds, approvals: JSON.
    data       TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX form_email ON form (email, stage) WHERE email <> '';

-- What the directory of accounts is asked to do or to tell, worked off apart from the decision that asked.
CREATE TABLE directory_task (
    id              BIGINT NOT NULL PRIMARY KEY,
    ticket_id       BIGINT REFERENCES ticket (id),
    -- What the answer is for.
    purpose         TEXT COLLATE "C" NOT NULL,
    -- The question: JSON; empty once it is answered.
    task            TEXT COLLATE "C" NOT NULL,
    state           TEXT COLLATE "C" NOT NULL CHECK (state IN ('new', 'done', 'failed')),
    attempts        BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    last_error      TEXT COLLATE "C" NOT NULL DEFAULT ''
);
CREATE INDEX directory_task_due ON directory_task (next_attempt_at) WHERE state = 'new';

-- Links and codes that were sent to somebody, each good for one use. Only the SHA-256 of the token is kept.
CREATE TABLE link (
    hash       BYTEA NOT NULL PRIMARY KEY,
    purpose    TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('activate', 'code', 'reset', 'enrol', 'stop')),
    -- The address it was sent for: a Business Account's user name.
    email      TEXT COLLATE "C" NOT NULL,
    ticket_id  BIGINT NOT NULL REFERENCES ticket (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- When it was used or withdrawn.
    used_at    BIGINT,
    -- 1 when somebody asked for it who is proven to be whose account it is: such links have a limit of their own.
    by_owner   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX link_email ON link (email, created_at);

-- Who is signed in on the pages. Only the SHA-256 of a cookie is kept: who reads the database cannot use it.
CREATE TABLE session (
    id         BYTEA NOT NULL PRIMARY KEY,
    -- The Business Account's user name.
    email      TEXT COLLATE "C" NOT NULL,
    -- 'code': the password was right, and the second factor's code is still to come.
    stage      TEXT COLLATE "C" NOT NULL CHECK (stage IN ('code', 'signed_in')),
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);
CREATE INDEX session_email ON session (email);
CREATE INDEX session_used ON session (used_at);

-- Browsers in which somebody signed in before: strangers' failures do not slow them down. SHA-256 of a cookie.
CREATE TABLE device (
    id      BYTEA NOT NULL PRIMARY KEY,
    email   TEXT COLLATE "C" NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX device_used ON device (used_at);

-- Attempts that failed, by the SHA-256 of what is counted: an address from a place, an address as such, a browser.
CREATE TABLE throttle (
    id       BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at  BIGINT NOT NULL
);
CREATE INDEX throttle_last ON throttle (last_at);

-- Access and refresh tokens (RFC 6749) of the providers in the configuration, sealed with the keys of token_key.
CREATE TABLE oauth_token (
    -- The NAME of [oauth.NAME].
    provider     TEXT COLLATE "C" NOT NULL,
    -- The user a token is for; empty where one serves all.
    subject      TEXT COLLATE "C" NOT NULL,
    access       BYTEA,
    refresh      BYTEA,
    scopes       TEXT COLLATE "C" NOT NULL DEFAULT '',
    expires_at   BIGINT NOT NULL DEFAULT 0,
    renew_at     BIGINT NOT NULL DEFAULT 0,
    renewed_at   BIGINT,
    -- Why the last renewal failed; empty when it did not.
    error        TEXT COLLATE "C" NOT NULL DEFAULT '',
    -- The failure stays until a person does something.
    stays        BIGINT NOT NULL DEFAULT 0 CHECK (stays IN (0, 1)),
    failed_at    BIGINT,
    retry_at     BIGINT NOT NULL DEFAULT 0,
    -- Who may renew it now: the last number that was given out, and until when it holds.
    lease_number BIGINT NOT NULL DEFAULT 0,
    lease_until  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (provider, subject)
);

INSERT INTO counter (name, value) VALUES
    ('ledger', 0), ('person', 0), ('ticket', 0), ('message', 0), ('event', 0), ('outbox', 0), ('account', 0),
    ('business_account', 0), ('directory_task', 0),
    -- Whoever writes locks this row first.
    ('writer', 0);
