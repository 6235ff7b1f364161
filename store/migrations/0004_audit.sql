-- The audit trail: what was written of cases and what belongs to them, and what was done about them.
-- what: 1 a document was written, 2 removed, 3 done (nothing was written). digest: SHA-256 of what the
-- documents row says. told: JSON, sealed as the document's body is. link: SHA-256, over the link before.
CREATE TABLE audit (
  position BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  what BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  id {bytes} NOT NULL,
  version BIGINT NOT NULL,
  account {bytes},
  digest {bytes},
  told {bytes},
  link {bytes} NOT NULL
);
CREATE INDEX audit_document ON audit (kind, id, position);
CREATE INDEX audit_at ON audit (at);

-- Where the trail ends. Whoever appends holds this row until the transaction is over.
CREATE TABLE audit_head (
  one BIGINT NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL,
  link {bytes} NOT NULL
);
INSERT INTO audit_head (one, position, link) VALUES (1, 0, {nothing});
