# 関所のことば（日本語）。どのキーも en.ftl と対になり、テストが確かめます。

## Signals: familiarity

signal-device-known = いつもの端末
signal-device-first_seen = 90日以内に使われていない端末
signal-device-refuted = 以前に本人確認が通らなかった端末、または不正利用のあった端末
signal-network-known = いつもの接続元
signal-network-first_seen = 初めての接続元
signal-network-refuted = 以前に本人確認が通らなかった接続元、または不正利用のあった接続元
signal-country-first_seen = 初めての国・地域からの利用（{ $country }）
signal-software-known = いつものブラウザとOS
signal-software-first_seen = 初めてのブラウザまたはOS
signal-account-long_away = { $days }日ぶりのログイン（新しい接続元）

## Signals: velocity

signal-account-failing = このアカウントへのログイン失敗が続いています（最近{ $count }回）
signal-source-failing = 同じ接続元からのログイン失敗が続いています（最近{ $count }回）
signal-source-many_accounts = 同じ接続元から{ $accounts }件のアカウントでログイン失敗
signal-secret-many_accounts = 同じパスワードが{ $accounts }件のアカウントで試されています
signal-sign_in-after_storm = 多数の失敗（{ $count }回）の直後のログイン
signal-source-fan_out = 1分間に同じ接続元から{ $accounts }件のアカウントへの試行
signal-account-many_secrets = 1時間に{ $secrets }通りのパスワードが試されています
signal-shop-stuffing_wave = 店全体で見慣れない接続元からのログイン失敗が急増しています（1時間に{ $accounts }件のアカウント）
signal-software-failing = 同じソフトウェアからのログイン失敗が多数のアカウントで続いています（1時間に{ $accounts }件）
signal-source-confirmed_bad = 以前に乗っ取りが確認された接続元または端末

## Signals: infrastructure

signal-network-datacentre = データセンターのIPアドレス（一覧は{ $age_days }日前のもの）
signal-network-vpn = VPNの出口（一覧は{ $age_days }日前のもの）
signal-network-tor = Torの出口（一覧は{ $age_days }日前のもの）
signal-network-reported = 攻撃の報告があるIPアドレス（一覧は{ $age_days }日前のもの）
signal-software-automated = プログラムからのアクセス（ユーザーエージェントによる）

## Signals: travel

signal-travel-too_fast = { $hours }時間で{ $previous_country }から{ $country }へ移動

## Signals: change

signal-change-contact_changed = { $hours }時間前に連絡先を変更（ご本人の確認待ち）
signal-change-password_changed = { $hours }時間前にいつもと異なる接続からパスワードを変更
signal-change-second_factor_removed = { $hours }時間前に二段階認証を解除
signal-change-bank_account_changed = { $hours }時間前に振込先口座を変更
signal-change-several_at_once = 1時間以内に{ $count }種類の変更
signal-change-reverted = { $hours }時間後に元の値へ変更
signal-change-reset_after_contact = 連絡先の変更後すぐにパスワードを再設定
signal-change-before_purchase = セキュリティ設定の変更後すぐに注文
signal-change-removes_protection = 二段階認証またはパスキーの解除
signal-change-redirects_payout = 売上金の振込先の変更

## Signals: purchase

signal-purchase-burst = { $hours }時間以内に{ $count }件の注文（通常は{ $usual }件）
signal-purchase-usual_pace = 注文の間隔がいつもどおり
signal-purchase-large_spend = 48時間以内の注文額がいつもより大幅に多い
signal-purchase-after_suspect_order = ご本人らしくない注文の直後
signal-purchase-owner_proved = 48時間以内の注文をご本人が確認済み
signal-purchase-unusual_hour = いつもは注文のない時間帯
signal-purchase-usual_hour = いつも注文のある時間帯
signal-purchase-unfamiliar_goods = これまでの購入傾向と異なる商品
signal-purchase-familiar_goods = これまでの購入傾向に合う商品
signal-purchase-unusual_quantity = いつもと異なる数量
signal-purchase-usual_quantity = いつもどおりの数量
signal-purchase-first_instant_goods = ギフト券またはデジタル商品の初めての購入
signal-purchase-new_country = 初めての配送先の国
signal-purchase-new_address = 初めての配送先
signal-purchase-stored_card_new_address = 登録済みカードで初めての配送先へ注文
signal-purchase-card_typed_again = 以前から使っているカードの番号を再入力
signal-purchase-issuer_authenticated = カード会社の本人認証に成功
signal-purchase-issuer_refused = カード会社の本人認証（3-Dセキュア）に失敗
signal-purchase-card_from_suspect_session = { $days }日前に、いつもと異なる接続から追加されたカード
signal-purchase-card_testing = 新しいカードで少額の注文のあと、高額の注文
signal-purchase-declined_payments = 最近、決済が続けて承認されていない（{ $count }件）

## Signals: links

signal-links-device_shared = 最近、ほかの{ $accounts }アカウントも利用した端末
signal-links-card_shared = 最近、ほかの{ $accounts }アカウントも利用したカード
signal-links-phone_shared = 最近、ほかの{ $accounts }アカウントも登録した電話番号
signal-links-email_shared = 最近、ほかの{ $accounts }アカウントも登録したメールアドレス
signal-links-mule_address = 14日以内に、ほかの{ $accounts }アカウントも配送先に使い始めた住所
signal-links-device_of_takeover = { $age_days }日前の不正利用（確認済み）で使われた端末
signal-links-address_of_takeover = { $age_days }日前の不正利用（確認済み）で使われた配送先
signal-links-card_of_takeover = { $age_days }日前の不正利用（確認済み）で使われたカード
signal-links-phone_of_takeover = { $age_days }日前の不正利用（確認済み）で使われた電話番号
signal-links-email_of_takeover = { $age_days }日前の不正利用（確認済み）で使われたメールアドレス

## Signals: exposure

signal-password-breached = 漏えいが確認されているパスワード
signal-account-perhaps_entered = 最近、第三者がログインした可能性があります
signal-account-takeover_confirmed = 乗っ取りが確認され、まだ解決していません
signal-account-entered_and_changed = 疑わしいログイン（{ $hours }時間前）と登録情報の変更に続く注文

## Verdicts, standings and patterns

verdict-allow = 通します
verdict-challenge = 追加の確認を求めます
verdict-review = 注文を受け、発送を止めます
verdict-deny = 断ります

standing-quiet = 異常なし
standing-attacked-held = 攻撃を受け、守られています
standing-taken-over = 乗っ取られています

pattern-stuffing = 流出したパスワードの使い回しを多数のアカウントで試す攻撃
pattern-spraying = 一つのパスワードを多数のアカウントで試す攻撃
pattern-brute-force = 一つのアカウントで多数のパスワードを試す攻撃

field-password = パスワード
field-passkey = パスキー
field-totp = 認証アプリ
field-two-step = 二段階認証
field-email = メールアドレス
field-phone = 電話番号
field-name = 氏名
field-address = 住所
field-payment-method = 支払い方法
field-bank-account = 銀行口座

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
problem-foreign-form = このサイトのページから送られた内容ではありません

## Notices: what the owner is told, in the message centre and by letter

notice-password-changed = パスワードが変更されました
notice-mail-changed = メールアドレスが変更されました
notice-phone-changed = 電話番号が変更されました
notice-contact-waits = 連絡先の変更を受け付けました（24時間後に反映されます）
notice-passkey-added = パスキーが追加されました
notice-passkey-removed = パスキーが削除されました
notice-authenticator-added = 認証アプリが追加されました
notice-authenticator-removed = 認証アプリが削除されました
notice-recovery-codes-replaced = 回復コードが新しくなりました
notice-two-step-enabled = 二段階認証がオンになりました
notice-two-step-disabled = 二段階認証がオフになりました
notice-restored = 変更を取り消し、元の設定に戻しました
notice-new-sign-in = 新しい環境からログインがありました
notice-second-step-failed = 正しいパスワードが入力されましたが、追加の確認は完了していません
notice-restricted = 安全のため、一部の操作を制限しました
notice-locked = アカウントをロックしました
notice-released = 制限を解除しました
notice-recovery-begun = アカウントの復旧手続きが始まりました
notice-order-held = 確認のため、ご注文の発送を保留しました

letter-notice-subject = 【{ $store }】{ $what }
letter-notice-mail = { $store }からのお知らせです。

    { $what }

    日時：{ $time }
    場所：{ $place }
    端末：{ $device }

    ご自身の操作であれば、何もする必要はありません。
    { $advice }

    このメールには、ログインページへのリンクはありません。
letter-notice-advice-code = 心当たりがない場合は、{ $store }の「心当たりがない」ページを開き、次のコードを入力してください。すぐにアカウントを守れます。
    コード：{ $code }
letter-notice-advice = 心当たりがない場合は、{ $store }の「心当たりがない」ページからお知らせください。
letter-notice-sms-code = 【{ $store }】{ $what }。心当たりがなければ「心当たりがない」ページでコード { $code } を入力してください。
letter-notice-sms = 【{ $store }】{ $what }。心当たりがなければ「心当たりがない」ページからお知らせください。
letter-notice-voice = { $store }からの大切なお知らせです。{ $what }。心当たりがない場合は、{ $store }の公式ページで、心当たりがない、を選んでください。
letter-unknown = 不明

## Pages: frame

page-skip = 本文へ
page-nav = メニュー
page-other-language = English
page-home = トップへ戻る
page-official-senders = 当店からのメールの見分け方
flash-signed-out = ログアウトしました。

## Pages: problems

refusal-not-found = ページが見つかりません
refusal-not-found-advice = アドレスが変わったか、入力に誤りがあるかもしれません。
refusal-foreign-form = 送信できませんでした
refusal-foreign-form-advice = ページを開いてから時間がたったか、別の画面から送られたようです。お手数ですが、前のページを開き直して、もう一度お試しください。
refusal-too-large = データが大きすぎます
refusal-too-large-advice = 小さくして、もう一度お試しください。
refusal-too-many = しばらくお待ちください
refusal-too-many-advice = 短い時間に多くの操作がありました。少し待ってから、もう一度お試しください。
refusal-unavailable = ただいま混み合っています
refusal-unavailable-advice = 少し待ってから、もう一度お試しください。入力いただいた内容は保存されていません。
refusal-broken = うまく処理できませんでした
refusal-broken-advice = 当店側の問題です。少し待ってから、もう一度お試しください。

## Pages: front, official senders

front-title = アカウントの安全
front-lead = { $store }のアカウントを守るためのページです。
front-official-senders = 当店が使うメールアドレスと、お願いしないことをまとめました。
senders-title = { $store }からのメールの見分け方
senders-lead = { $store }がメールを送るときの差出人は、次のアドレスだけです（@より後ろ）。
senders-exact = 似た文字や、前後に語が加わったものは、当店のものではありません。差出人の表示は偽ることができるため、アドレスが合っていても、次のことを求めるメールにはご注意ください。
senders-none = { $store }がメールに使うドメインは、まだ登録されていません。
senders-never-title = 当店がメールやSMSでお願いしないこと
senders-never-link = リンクからログインすること
senders-never-ask = パスワードやカード番号を返信で知らせること
senders-never-code = 確認コードを電話やメールで教えること
senders-doubt-title = 迷ったときは
senders-doubt = メールのリンクは開かず、ブックマークや公式アプリから当店を開いて、お知らせに同じ内容があるかをご確認ください。
