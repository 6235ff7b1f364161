# Words of Sekisho in English. Every key stands in ja.ftl too; a test holds them together.

## Signals: familiarity

## Signals: velocity

## Signals: infrastructure

## Signals: travel

## Signals: change

## Signals: purchase

## Signals: links

## Signals: exposure

## Verdicts, standings and patterns

## Problems

problem-not-json = The body is not JSON
problem-not-utf8 = The body is not UTF-8
problem-bad-request = The request makes no sense
problem-unauthorised = No key in force
problem-forbidden = The key may not do this
problem-same-person = Somebody else must approve this
problem-not-found = Nothing of that name
problem-method-not-allowed = The route does not know this method
problem-slow-body = The body did not arrive in time
problem-contradiction = The same event_id with other content
problem-conflict = This cannot be done now
problem-in-progress = The first request is still being answered
problem-too-large = More than a request may carry
problem-unsupported-media-type = Send JSON or NDJSON
problem-invalid = A value does not fit
problem-key-reused = The same Idempotency-Key with another request
problem-too-many-requests = Faster than agreed
problem-internal = Something went wrong on our side
problem-unavailable = Not now; please send it again
problem-timed-out = It took too long
