-- Accounts that some event was judged on while they did not stand quietly: the desk's two queues,
-- which never mix because each has its own rows. Whether an account still stands so is asked of its
-- profile when the queue is read.
-- standing: 1 attacked, held; 2 taken over.
-- position, since: the record with which it began to stand so; told_at, decision: the latest.
CREATE TABLE standings (
  standing BIGINT NOT NULL,
  account {bytes} NOT NULL,
  position BIGINT NOT NULL,
  since BIGINT NOT NULL,
  told_at BIGINT NOT NULL,
  decision {bytes} NOT NULL,
  PRIMARY KEY (standing, account)
) {lean};
CREATE INDEX standings_queue ON standings (standing, position);
CREATE INDEX standings_account ON standings (account);
