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
    -- Since the last one that succeeded.
    failed_sign_ins INTEGER NOT NULL DEFAULT 0,
    last_failed_at  INTEGER,
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

INSERT INTO counter (name, value) VALUES ('account', 0), ('business_account', 0);
