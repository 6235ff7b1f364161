-- What the state machines keep between two commands: members, sessions, challenges, cases.
-- version: rises by one with each write; a write names the version it has seen.
-- state, rank: what a queue is read by. due_at: when a timer must fire. expires_at: when it goes.
-- body: JSON, sealed under the account's key, or the instance's where there is no account.
CREATE TABLE documents (
  kind BIGINT NOT NULL,
  id {bytes} NOT NULL,
  account {bytes},
  version BIGINT NOT NULL,
  state BIGINT NOT NULL,
  rank BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  due_at BIGINT,
  expires_at BIGINT,
  body {bytes} NOT NULL,
  PRIMARY KEY (kind, id)
) {lean};
CREATE INDEX documents_account ON documents (account, kind, rank) WHERE account IS NOT NULL;
CREATE INDEX documents_queue ON documents (kind, state, rank);
CREATE INDEX documents_due ON documents (kind, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX documents_expiry ON documents (expires_at) WHERE expires_at IS NOT NULL;

-- By what a document is found besides its id: keyed hashes, each of one document of its kind.
CREATE TABLE document_names (
  kind BIGINT NOT NULL,
  name {bytes} NOT NULL,
  id {bytes} NOT NULL,
  PRIMARY KEY (kind, name)
) {lean};
CREATE INDEX document_names_id ON document_names (kind, id);
