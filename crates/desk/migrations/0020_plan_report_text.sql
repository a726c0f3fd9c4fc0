-- What people write into a periodic report of the plan, by section. Figures are not kept here: a text names them by placeholders. A row is a
-- version and stays: rows are only added, the highest version counts. Days are ISO texts.
CREATE TABLE plan_report_text (
    id TEXT PRIMARY KEY,
    plan TEXT NOT NULL,
    -- 2026, 2026-H1, 2026-Q4, 2026-10 or 2026-W47, and its days.
    period TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    -- The desk unit whose report it is; empty for the report on the whole plan. Its commune where it is one's.
    unit TEXT NOT NULL,
    commune TEXT,
    section TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    text TEXT NOT NULL,
    client_tx TEXT NOT NULL,
    written_by TEXT NOT NULL,
    written_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX plan_report_text_version ON plan_report_text (plan, period, unit, section, version);
CREATE UNIQUE INDEX plan_report_text_once ON plan_report_text (plan, period, unit, section, client_tx);
