-- The log is the truth. Its primary key is the fence: a second writer violates it.
-- kind: 0 event, 1 event that changes the account (R7), 2 outcome, 3 policy activated.
-- flags: 1 a decision was asked for, 2 shadow mode.
-- account: the number of the account, which is `accounts.created`.
-- chain: the first 4 bytes of the record's link, to find a broken one; `checkpoint` has the whole
-- link of the last record, which proves all of them.
CREATE TABLE log (
  position {number} PRIMARY KEY,
  kind BIGINT NOT NULL,
  flags BIGINT NOT NULL,
  policy BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  event {bytes},
  account BIGINT,
  content BIGINT NOT NULL,
  packed {bytes} NOT NULL,
  body {bytes},
  chain {bytes} NOT NULL
);
CREATE UNIQUE INDEX log_event ON log (event) WHERE event IS NOT NULL;
CREATE INDEX log_account ON log (account, position) WHERE account IS NOT NULL;
CREATE INDEX log_change ON log (account, position) WHERE kind = 1;

-- What became of decisions, by the positions of the decision and of the outcome.
CREATE TABLE outcomes (
  decision BIGINT NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (decision, position)
) {lean};

-- The data key of an account and its name, both sealed; erasing a person empties both.
-- created: the position of its first record, which is also its number.
CREATE TABLE accounts (
  account {bytes} NOT NULL PRIMARY KEY,
  data_key {bytes},
  name {bytes},
  created BIGINT NOT NULL,
  erased_at BIGINT,
  erased_through BIGINT
) {lean};
CREATE UNIQUE INDEX accounts_number ON accounts (created);

-- Hot state, saved now and then. Each part says itself up to which position it holds the log.
CREATE TABLE profiles (account {bytes} NOT NULL PRIMARY KEY, packed {bytes} NOT NULL) {lean};
CREATE TABLE shards (number {number} PRIMARY KEY, packed {bytes} NOT NULL);
CREATE TABLE checkpoint (
  id {number} PRIMARY KEY,
  head BIGINT NOT NULL,
  chain {bytes} NOT NULL,
  low_water BIGINT NOT NULL,
  erasures BIGINT NOT NULL
);
INSERT INTO checkpoint (id, head, chain, low_water, erasures) VALUES (1, 0, {nothing}, 0, 0);

-- state: 0 pending, 1 delivered, 2 dead.
CREATE TABLE endpoints (
  number {serial},
  id TEXT NOT NULL UNIQUE,
  url {bytes} NOT NULL,
  kinds TEXT NOT NULL,
  secret {bytes} NOT NULL,
  previous_secret {bytes},
  previous_until BIGINT,
  disabled TEXT,
  created_at BIGINT NOT NULL
);
CREATE TABLE outbox (
  id {serial},
  endpoint BIGINT NOT NULL,
  message TEXT NOT NULL,
  kind TEXT NOT NULL,
  position BIGINT NOT NULL,
  account {bytes},
  body {bytes} NOT NULL,
  created_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  state BIGINT NOT NULL,
  last_status BIGINT
);
CREATE INDEX outbox_due ON outbox (endpoint, due_at) WHERE state = 0;
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 2;
CREATE INDEX outbox_delivered ON outbox (due_at) WHERE state = 1;

CREATE TABLE api_keys (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  secret_hash {bytes} NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  test BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT,
  last_used_at BIGINT
);

-- The text of a version never changes.
CREATE TABLE policies (
  number {serial},
  id TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL,
  digest {bytes} NOT NULL,
  note TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  approved_by TEXT,
  approved_at BIGINT,
  activated_at BIGINT,
  activated_position BIGINT
);

CREATE TABLE lists (
  name TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  note TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE list_entries (
  list TEXT NOT NULL REFERENCES lists (name) ON DELETE CASCADE,
  hash {bytes} NOT NULL,
  value {bytes} NOT NULL,
  note {bytes},
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  PRIMARY KEY (list, hash)
);
CREATE INDEX list_entries_expiry ON list_entries (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE idempotency (
  api_key TEXT NOT NULL,
  hash {bytes} NOT NULL,
  digest {bytes} NOT NULL,
  status BIGINT NOT NULL,
  response {bytes} NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (api_key, hash)
);
CREATE INDEX idempotency_expiry ON idempotency (expires_at);

-- The root key of the instance, sealed once under each master key in use, and the look-up secret
-- under the root key.
CREATE TABLE master_keys (key_id {bytes} NOT NULL PRIMARY KEY, root_key {bytes} NOT NULL);
CREATE TABLE instance (id {number} PRIMARY KEY, lookup_secret {bytes} NOT NULL);
