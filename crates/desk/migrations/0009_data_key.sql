-- Data keys of sealed values, each wrapped by a key that lies outside the store. Without that key they say nothing.
CREATE TABLE data_key (
    id TEXT PRIMARY KEY,
    -- Id of the key that wraps it.
    kek TEXT NOT NULL,
    wrapped TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX data_key_kek ON data_key (kek);
