-- Documents (văn bản): letters and notices on their way from draft to delivery. Number and signature come from the document office (văn
-- thư); days are ISO texts, months `2026-10`, subjects numbers of the book.
CREATE TABLE document (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    -- Template it was made from, and what it is about.
    template TEXT NOT NULL,
    rule TEXT NOT NULL,
    case_id TEXT REFERENCES work_case (id),
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('person', 'employer')),
    subject BIGINT NOT NULL,
    period TEXT NOT NULL,
    commune TEXT,
    -- Which kind of office's work it is about, which decides who sees it, as with cases.
    office TEXT NOT NULL CHECK (office IN ('commune', 'insurance_office')),
    -- The desk unit that issues it; its people alone change it.
    issuer TEXT NOT NULL,
    -- What follows the number: `TB-UBND`; what it is about (trích yếu); to whom.
    symbol TEXT NOT NULL,
    title TEXT NOT NULL,
    recipient TEXT NOT NULL,
    -- The letter itself as JSON; the desk keeps it and does not read it.
    letter TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'sent', 'numbered', 'signed', 'delivered', 'returned', 'withdrawn')),
    -- The package it went to the document office in.
    package TEXT,
    number TEXT,
    number_year BIGINT,
    number_day TEXT,
    -- What the check of the signature said, and its report as JSON. A document whose signature is wrong is not taken.
    signature TEXT CHECK (signature IN ('good', 'not_checked', 'paper')),
    signature_report TEXT,
    delivered_day TEXT,
    delivered_how TEXT,
    -- Unguessable number printed on it, and the hash it is looked up by.
    check_code TEXT NOT NULL,
    check_hash TEXT NOT NULL UNIQUE,
    prepared_by TEXT NOT NULL,
    approved_by TEXT,
    version BIGINT NOT NULL CHECK (version >= 1),
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CHECK ((number IS NULL) = (number_day IS NULL) AND (number IS NULL) = (number_year IS NULL)),
    CHECK ((delivered_day IS NULL) = (delivered_how IS NULL)),
    CHECK ((signature IS NULL) = (signature_report IS NULL)),
    CHECK (state NOT IN ('approved', 'sent', 'numbered', 'signed', 'delivered') OR approved_by IS NOT NULL),
    CHECK (state NOT IN ('numbered', 'signed', 'delivered') OR number IS NOT NULL),
    CHECK (state NOT IN ('signed', 'delivered') OR signature IS NOT NULL),
    CHECK (state <> 'delivered' OR delivered_day IS NOT NULL)
);
-- No unit gives a number twice in a year for one kind of document.
CREATE UNIQUE INDEX document_number_once ON document (issuer, symbol, number_year, number) WHERE number IS NOT NULL;
CREATE INDEX document_by_state ON document (state, changed_at, id);
CREATE INDEX document_by_issuer ON document (issuer, state, changed_at, id);
CREATE INDEX document_by_subject ON document (subject_kind, subject);
CREATE INDEX document_by_package ON document (package);

-- What was done with a document, in order. Rows are only added.
CREATE TABLE document_event (
    id TEXT PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES document (id),
    client_tx TEXT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    value TEXT,
    day TEXT,
    reason TEXT
);
CREATE UNIQUE INDEX document_event_once ON document_event (document_id, client_tx);
CREATE INDEX document_event_order ON document_event (document_id, at, id);
CREATE INDEX document_event_form ON document_event (client_tx);

-- The DOCX that was approved, the signed PDF, proof of delivery: as they were, with their hash.
CREATE TABLE document_file (
    id TEXT PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES document (id),
    role TEXT NOT NULL CHECK (role IN ('docx', 'signed', 'proof')),
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    size BIGINT NOT NULL CHECK (size > 0),
    -- BLAKE3 of the bytes, hexadecimal.
    hash TEXT NOT NULL,
    content BYTEA NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL
);
CREATE INDEX document_file_document ON document_file (document_id, role, id);

-- The last number of each unit, kind and year, where the unit numbers its documents here.
CREATE TABLE document_counter (
    issuer TEXT NOT NULL,
    symbol TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL CHECK (last >= 0),
    PRIMARY KEY (issuer, symbol, year)
);

-- How a unit works on documents; a unit without a row takes numbers from its document office.
CREATE TABLE document_setting (
    unit TEXT PRIMARY KEY,
    own_numbers BIGINT NOT NULL CHECK (own_numbers IN (0, 1)),
    -- Whether somebody else than who prepared it must approve it.
    second_person BIGINT NOT NULL CHECK (second_person IN (0, 1)),
    version BIGINT NOT NULL CHECK (version >= 1),
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
