-- Agreements on sharing data between agencies (thỏa thuận chia sẻ dữ liệu): what may be handed over, for what, for how long.
-- They hold nothing of people. A row is never changed but to end it, once; another term or other fields are another agreement.
CREATE TABLE data_agreement (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    -- Number and date of the document, as written on it.
    number TEXT NOT NULL,
    -- Who hands over, and who receives.
    provider TEXT NOT NULL,
    receiver TEXT NOT NULL,
    receiver_role TEXT NOT NULL CHECK (receiver_role IN ('controller', 'processor', 'controller_processor')),
    -- The roster, and its fields with a space between them.
    roster TEXT NOT NULL,
    fields TEXT NOT NULL,
    article TEXT NOT NULL,
    purpose TEXT NOT NULL,
    -- ISO days; the last day is part of the term.
    first_day TEXT NOT NULL,
    last_day TEXT,
    retention_months BIGINT NOT NULL CHECK (retention_months BETWEEN 1 AND 1200),
    -- Whom abroad it goes to, and by which file of assessment; NULL: it stays in the country.
    transfer TEXT,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    -- First day on which it holds no more.
    ended_on TEXT,
    ended_by TEXT,
    ended_at BIGINT,
    end_reason TEXT,
    CHECK (last_day IS NULL OR last_day >= first_day),
    CHECK ((ended_on IS NULL) = (ended_by IS NULL) AND (ended_on IS NULL) = (ended_at IS NULL)
           AND (ended_on IS NULL) = (end_reason IS NULL))
);
CREATE INDEX data_agreement_roster ON data_agreement (roster, first_day);
