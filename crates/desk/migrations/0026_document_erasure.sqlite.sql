CREATE TRIGGER document_erasure_no_update BEFORE UPDATE ON document_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;
CREATE TRIGGER document_erasure_no_delete BEFORE DELETE ON document_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;
-- A numbered document keeps its text until a decision erases it; its number, day and symbol stay even then.
DROP TRIGGER document_text_stays;
CREATE TRIGGER document_text_stays BEFORE UPDATE ON document
WHEN OLD.number IS NOT NULL
  AND (NEW.number IS NOT OLD.number OR NEW.number_day IS NOT OLD.number_day OR NEW.symbol <> OLD.symbol
       OR ((NEW.letter <> OLD.letter OR NEW.recipient <> OLD.recipient)
           AND (NEW.letter <> '' OR NEW.recipient <> '' OR OLD.state NOT IN ('delivered', 'withdrawn')
                OR NOT EXISTS (SELECT 1 FROM document_erasure e WHERE e.document_id = OLD.id))))
BEGIN SELECT RAISE(ABORT, 'a numbered document keeps its number and its text'); END;
DROP TRIGGER document_event_no_update;
CREATE TRIGGER document_event_no_update BEFORE UPDATE ON document_event
WHEN NEW.reason IS NOT NULL OR NEW.id <> OLD.id OR NEW.document_id <> OLD.document_id OR NEW.client_tx <> OLD.client_tx
  OR NEW.version <> OLD.version OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor OR NEW.what <> OLD.what
  OR NEW.value IS NOT OLD.value OR NEW.day IS NOT OLD.day
  OR NOT EXISTS (SELECT 1 FROM document_erasure e JOIN document d ON d.id = e.document_id
                 WHERE e.document_id = OLD.document_id AND d.state IN ('delivered', 'withdrawn'))
BEGIN SELECT RAISE(ABORT, 'the history of a document is never changed'); END;
DROP TRIGGER document_file_no_delete;
CREATE TRIGGER document_file_no_delete BEFORE DELETE ON document_file
WHEN NOT EXISTS (SELECT 1 FROM document_erasure e JOIN document d ON d.id = e.document_id
                 WHERE e.document_id = OLD.document_id AND d.state IN ('delivered', 'withdrawn'))
BEGIN SELECT RAISE(ABORT, 'files of documents are never deleted'); END;
