-- Documents that were delivered or withdrawn and whose letter, recipient, files and words of the history were erased after their term of
-- retention, by decision. Number, day, unit, state and what the check of the signature said stay, and so do the hashes of what was kept.
CREATE TABLE document_erasure (
    document_id TEXT PRIMARY KEY REFERENCES document (id),
    decision TEXT NOT NULL,
    -- BLAKE3 of the newest signed PDF and of the newest DOCX, hexadecimal; NULL where there was none.
    signed_hash TEXT,
    docx_hash TEXT,
    erased_by TEXT NOT NULL,
    erased_at BIGINT NOT NULL
);
