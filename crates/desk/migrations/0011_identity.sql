-- Signing in through a provider of identities: who is whom there, and sign-ins that are on their way.

-- A person at a provider, written down by an administrator. The claim belongs to it: a user name is not a subject of the same letters.
CREATE TABLE account_identity (
    issuer TEXT NOT NULL,
    claim TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES desk_user (id),
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, claim, subject),
    UNIQUE (user_id, issuer)
);

-- A sign-in on its way, for ten minutes and once. The browser holds a token in a cookie; state, nonce and PKCE verifier are derived from it, so
-- that nothing here is of use to who reads the store, and no answer counts in another browser. The row is what makes it count once: a sealed
-- cookie alone could be sent twice.
CREATE TABLE identity_flow (
    token_hash TEXT PRIMARY KEY,
    back TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- Who it is, once the provider said so and the code of the own second factor is still to be typed.
    user_id TEXT REFERENCES desk_user (id),
    issuer TEXT,
    CHECK ((user_id IS NULL) = (issuer IS NULL))
);

-- The provider a session came from; NULL for the own password.
ALTER TABLE session ADD COLUMN issuer TEXT;
