CREATE TRIGGER processing_restriction_no_delete BEFORE DELETE ON processing_restriction
BEGIN SELECT RAISE(ABORT, 'restrictions are lifted, never deleted'); END;
CREATE TRIGGER processing_restriction_lift_only BEFORE UPDATE ON processing_restriction
WHEN OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL OR NEW.id <> OLD.id OR NEW.person <> OLD.person OR NEW.request <> OLD.request
  OR NEW.set_by <> OLD.set_by OR NEW.set_at <> OLD.set_at
BEGIN SELECT RAISE(ABORT, 'a restriction can only be lifted, once'); END;
-- A person may ask that a person looks again at what was found automatically. Only the CHECK changes, so no row is touched.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''object'', ''complain'')', '''object'', ''complain'', ''review'')')
WHERE type = 'table' AND name = 'subject_request';
PRAGMA writable_schema = RESET;
