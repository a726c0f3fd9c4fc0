CREATE TRIGGER document_no_delete BEFORE DELETE ON document
BEGIN SELECT RAISE(ABORT, 'documents are withdrawn, never deleted'); END;
CREATE TRIGGER document_no_replace BEFORE INSERT ON document
WHEN EXISTS (SELECT 1 FROM document WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'documents are never replaced'); END;
CREATE TRIGGER document_versions BEFORE UPDATE ON document
WHEN NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id OR NEW.issuer <> OLD.issuer OR NEW.office <> OLD.office
  OR NEW.subject_kind <> OLD.subject_kind OR NEW.subject <> OLD.subject OR NEW.check_code <> OLD.check_code
  OR NEW.check_hash <> OLD.check_hash OR NEW.made_at <> OLD.made_at
BEGIN SELECT RAISE(ABORT, 'a change of a document counts its version up and leaves what it is about'); END;
-- Once a document has a number, what it says stays as it is.
CREATE TRIGGER document_text_stays BEFORE UPDATE ON document
WHEN OLD.number IS NOT NULL
  AND (NEW.letter <> OLD.letter OR NEW.number IS NOT OLD.number OR NEW.number_day IS NOT OLD.number_day OR NEW.symbol <> OLD.symbol
       OR NEW.recipient <> OLD.recipient)
BEGIN SELECT RAISE(ABORT, 'a numbered document keeps its number and its text'); END;
CREATE TRIGGER document_event_no_update BEFORE UPDATE ON document_event
BEGIN SELECT RAISE(ABORT, 'the history of a document is never changed'); END;
CREATE TRIGGER document_event_no_delete BEFORE DELETE ON document_event
BEGIN SELECT RAISE(ABORT, 'the history of a document is never deleted'); END;
CREATE TRIGGER document_event_no_replace BEFORE INSERT ON document_event
WHEN EXISTS (SELECT 1 FROM document_event WHERE id = NEW.id OR (document_id = NEW.document_id AND client_tx = NEW.client_tx))
BEGIN SELECT RAISE(ABORT, 'the history of a document is never replaced'); END;
CREATE TRIGGER document_file_no_update BEFORE UPDATE ON document_file
BEGIN SELECT RAISE(ABORT, 'files of documents are never changed'); END;
CREATE TRIGGER document_file_no_delete BEFORE DELETE ON document_file
BEGIN SELECT RAISE(ABORT, 'files of documents are never deleted'); END;
CREATE TRIGGER document_counter_no_delete BEFORE DELETE ON document_counter
BEGIN SELECT RAISE(ABORT, 'numbers of documents are never given back'); END;
CREATE TRIGGER document_counter_up BEFORE UPDATE ON document_counter WHEN NEW.last <> OLD.last + 1
BEGIN SELECT RAISE(ABORT, 'numbers of documents rise by one'); END;
CREATE TRIGGER document_setting_no_delete BEFORE DELETE ON document_setting
BEGIN SELECT RAISE(ABORT, 'settings of documents are changed, never deleted'); END;
