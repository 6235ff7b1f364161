# 関所のことば（日本語）。どのキーも en.ftl と対になり、テストが確かめます。

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

problem-not-json = 本文がJSONではありません
problem-not-utf8 = 本文がUTF-8ではありません
problem-bad-request = リクエストが正しくありません
problem-unauthorised = 有効なキーがありません
problem-forbidden = このキーでは実行できません
problem-same-person = 提案した人とは別の人の承認が必要です
problem-not-found = 見つかりません
problem-method-not-allowed = このメソッドは使えません
problem-slow-body = 本文が時間内に届きませんでした
problem-contradiction = 同じevent_idで内容が異なります
problem-conflict = 今の状態では実行できません
problem-in-progress = 最初のリクエストをまだ処理しています
problem-too-large = リクエストが大きすぎます
problem-unsupported-media-type = JSONまたはNDJSONで送ってください
problem-invalid = 値が正しくありません
problem-key-reused = 同じIdempotency-Keyで別のリクエストが届きました
problem-too-many-requests = リクエストが多すぎます
problem-internal = こちら側の不具合です
problem-unavailable = 今は応じられません。もう一度送ってください
problem-timed-out = 時間内に終わりませんでした
