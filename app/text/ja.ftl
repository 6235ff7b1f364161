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

signal-change-contact_changed = { $hours ->
    [0] 1時間以内に
   *[other] { $hours }時間前に
 }連絡先を変更（ご本人の確認待ち）
signal-change-password_changed = { $hours ->
    [0] 1時間以内に
   *[other] { $hours }時間前に
 }いつもと異なる接続からパスワードを変更
signal-change-second_factor_removed = { $hours ->
    [0] 1時間以内に
   *[other] { $hours }時間前に
 }二段階認証を解除
signal-change-bank_account_changed = { $hours ->
    [0] 1時間以内に
   *[other] { $hours }時間前に
 }振込先口座を変更
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
signal-account-entered_and_changed = 疑わしいログイン（{ $hours ->
    [0] 1時間以内
   *[other] { $hours }時間前
 }）と登録情報の変更に続く注文

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

## Statement check

statement-read = 明細：{ $file }（{ $count }件、{ $layout }、{ $encoding }）
statement-orders-read = 注文：{ $file }（{ $count }件、{ $layout }、{ $encoding }）
statement-guessed = { "  " }列を推定しました。このままでよければ --columns { $columns }
statement-orders-guessed = { "  " }列を推定しました。このままでよければ --order-columns { $columns }
statement-skipped = { "  " }読み取れなかった行：{ $count }件（最初は{ $row }行目）
statement-as-of = 明細の基準日：{ $date }
statement-unmatched = お客様の注文にない請求：{ $count }件、合計{ $sum }
statement-refunded = { "  " }うち返金済み：{ $count }件、{ $sum }
statement-doubtful = 確認が必要な請求：{ $count }件、{ $sum }
statement-pending = 返金待ちの請求：{ $count }件、{ $sum }
statement-matched = 注文と一致した請求：{ $count }件、{ $sum }
statement-other = ほかのお店の請求（確認の対象外）：{ $count }件、{ $sum }
statement-repeated = 複数のファイルに重複する行（1回だけ数えました）：{ $count }件
statement-orders-charged = 請求を確認できた注文：{ $count }件
statement-orders-pending = これから請求が載る見込みの注文：{ $count }件
statement-orders-missing = 請求が見当たらない注文：{ $count }件
statement-orders-not-expected = 請求が発生しない注文：{ $count }件
statement-refunds-pending = 返金待ち（反映まで最長21日）：{ $count }件
statement-refunds-missing = 反映されていない返金：{ $count }件
statement-more = { "  " }…ほか{ $count }件（--json ですべて表示します）
statement-nothing = 確認が必要なものはありません。
statement-nothing-new = 前回から新しく確認が必要なものはありません。
statement-advice = お心当たりのない請求は、カード会社とお店にご連絡ください。ご家族の注文でないかも、あわせてご確認ください。
statement-yen = { $amount }円
statement-money = { $amount } { $currency }

statement-line-exact = 注文と一致
statement-line-several-shipments = 一つの注文の複数の発送分
statement-line-several-charges = 一つの注文の分割された請求
statement-line-several-orders = 複数の注文をまとめた請求
statement-line-foreign-amount = 現地通貨の金額が注文と一致
statement-line-converted = 指定のレートで注文と一致
statement-line-partly-points = ポイントやギフト残高を差し引いた請求
statement-line-refund = 注文の返金
statement-line-refund-of-order = 注文の代金の返金
statement-line-refund-of-unmatched = 注文にない請求の返金
statement-line-refund-pending = キャンセル済みの注文。返金待ち
statement-line-no-order = 一致する注文がありません
statement-line-order-not-mine = 「自分の注文ではない」とした注文
statement-line-ambiguous = ご自身の注文か、そうでない注文か判別できません
statement-line-several-ways = 一致する組み合わせが複数あります
statement-line-smaller-than-order = 注文より少ない金額（ポイントやギフト残高の可能性）
statement-line-outside-window = 金額は一致しますが、日付が離れています
statement-line-refund-overdue = キャンセル済みの注文。返金が遅れています
statement-line-refund-unexplained = 対応する請求のない返金
statement-line-too-many-combinations = 件数が多く、照合しきれませんでした

statement-order-charged = 請求済み
statement-order-charged-perhaps = 確認が必要な請求と対応する可能性
statement-order-not-yet-visible = まだ明細に載る時期ではありません
statement-order-not-shipped = 未発送
statement-order-no-line = 明細に請求がありません
statement-order-partly-charged = 一部だけ請求されています
statement-order-cancelled = キャンセル済み
statement-order-paid-otherwise = ポイント・ギフト残高・現金などで支払い
statement-order-before-statement = 明細の期間より前の注文
problem-foreign-form = このサイトのページから送られた内容ではありません

## Notices: what the owner is told, in the message centre and by letter

notice-password-changed = パスワードが変更されました
notice-mail-changed = メールアドレスが変更されました
notice-phone-changed = 電話番号が変更されました
notice-contact-waits = 連絡先の変更を受け付けました（24時間後に反映されます）
notice-passkey-added = パスキーが追加されました
notice-passkey-removed = パスキーが削除されました
notice-passkey-cloned = パスキーが複製されたおそれがあります
notice-authenticator-added = 認証アプリが追加されました
notice-authenticator-removed = 認証アプリが削除されました
notice-recovery-codes-replaced = 回復コードが新しくなりました
notice-two-step-enabled = 二段階認証がオンになりました
notice-two-step-disabled = 二段階認証がオフになりました
notice-restored = 変更を取り消し、元の設定に戻しました
notice-device-forgotten = 覚えていた端末がひとつ削除されました
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
refusal-not-understood = 送られた内容を読み取れませんでした
refusal-not-understood-advice = ページを開き直して、もう一度お試しください。
refusal-too-slow = 時間内に届きませんでした
refusal-too-slow-advice = 通信の状態をご確認のうえ、もう一度お試しください。
refusal-conflict = 同時に別の操作がありました
refusal-conflict-advice = ページを開き直して、今の内容をご確認ください。
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

## Pages: sign-in

page-not-me = 心当たりがない
page-sign-out = ログアウト
front-security = パスワード、二段階認証、ログイン中の端末を確認・変更できます。
front-not-me = お知らせに書かれたコードを入力すると、すぐにアカウントを守れます。
refusal-held = 安全のため、この操作は制限されています
refusal-held-advice = いつもの端末からログインするか、認証アプリなどで確認してからお試しください。お困りのときは当店へお知らせください。
problem-held = アカウントの状態により制限されています
sign-in-title = ログイン
sign-in-login = メールアドレスまたは電話番号
sign-in-password = パスワード
sign-in-button = ログイン
sign-in-register = はじめての方はこちら
sign-in-wrong = メールアドレス（電話番号）またはパスワードが正しくありません。
sign-in-nothing-to-prove-with = この端末では、ご本人の確認に使える方法がありません。いつもの端末からログインしてください。
sign-in-over = 確認が時間切れになったか、回数の上限に達しました。もう一度ログインしてください。
sign-in-passkey = パスキーでログイン
sign-in-passkey-failed = パスキーで確認できませんでした。もう一度試すか、パスワードでログインしてください。
passkey-stopped = パスキーの確認が完了しませんでした。もう一度お試しください。
register-title = 会員登録
register-mail = メールアドレス
register-password = パスワード
register-button = 確認コードを送る
register-sign-in = 登録済みの方はこちら
register-bad-mail = メールアドレスの形が正しくありません。
password-hint = { $count }文字以上。文字の種類に決まりはありません。覚えやすい文をおすすめします。
password-too-short = { $count }文字以上で入力してください。
password-too-long = 256文字以内で入力してください。
password-context-word = 店名やメールアドレスに近い言葉は使えません。
password-breached = このパスワードは流出した一覧に載っています。別のものをお選びください。

reset-title = パスワードを忘れた場合
reset-lead = ご登録のメールアドレスか電話番号を入力してください。確認のコードをお送りします。
reset-bad-login = メールアドレスか電話番号を入力してください。
reset-no-code = コードが届かないときは、入力したメールアドレスや電話番号に誤りがないか、迷惑メールに入っていないかをご確認ください。
reset-back = ログインへ戻る
reset-new-title = 新しいパスワード
reset-ends-sessions = 変更すると、すべての端末からログアウトします。新しいパスワードでログインしてください。
letter-reset-held-subject = 【{ $store }】パスワードの再設定について
letter-reset-held-mail = パスワードの再設定のお申し込みがありましたが、このアカウントは保護のためロックされているか、このメールアドレスが登録されて間もないため、コードをお送りできません。

    ご本人の方は、お手数ですが{ $store }の窓口へご連絡ください。
    お心当たりがない場合は、何もする必要はありません。

## Pages: one more proof

prove-title = ご本人の確認
prove-button = 確認する
prove-again = コードをもう一度送る
prove-others = ほかの方法で確認する
prove-trust = この端末では30日間、確認を省く
prove-warning = 当店の者が電話やメールでこのコードをお尋ねすることはありません。
prove-wrong = コードが違います。あと{ $count }回入力できます。
prove-not-now = 今は受け付けられません。少し待つか、ほかの方法をお試しください。
prove-not-sent = コードを送れませんでした。ほかの方法をお試しください。
prove-passkey-failed = パスキーで確認できませんでした。もう一度試すか、ほかの方法をお使いください。
prove-passkey-missing = このブラウザーではパスキーを使えません。ほかの方法をお使いください。
prove-lead-passkey = 登録したパスキーで確認します。指紋や顔、画面ロックなど、端末の案内に沿って進めてください。
prove-lead-totp = 認証アプリに表示されている6桁のコードを入力してください。
prove-lead-sms = { $to } にSMSで送った6桁のコードを入力してください。SMSは乗っ取られることがあるため、認証アプリもご検討ください。
prove-lead-voice = { $to } への電話でお知らせした6桁のコードを入力してください。
prove-lead-mail = { $to } に送った6桁のコードを入力してください。
prove-lead-recovery-code = 保管している回復コードを一つ入力してください。一度使ったコードは使えなくなります。
prove-label-totp = 6桁のコード
prove-label-sms = 6桁のコード
prove-label-voice = 6桁のコード
prove-label-mail = 6桁のコード
prove-label-recovery-code = 回復コード
prove-label-passkey = パスキーで確認する
prove-use-passkey = パスキーを使う
prove-use-totp = 認証アプリを使う
prove-use-sms = SMSを受け取る
prove-use-voice = 電話を受ける
prove-use-mail = メールを受け取る
prove-use-recovery-code = 回復コードを使う
hosting-lead = { $store }で次の操作を行うため、ご本人であることを確認します。
hosting-warning = この操作に心当たりがないときは、確認せずにこのページを閉じてください。
hosting-button = 内容を確かめ、確認へ進む
hosting-over = この確認は終わったか、期限が切れています。お店のページからやり直してください。

letter-code-subject = 【{ $store }】確認コードのお知らせ
letter-code-mail = { $store }の確認コードです。

    { $code }

    10分以内に、操作中の画面に入力してください。
    このコードは誰にも教えないでください。当店の者がお尋ねすることもありません。
    お心当たりがない場合は、このメールを破棄してください。
letter-code-sms = 【{ $store }】確認コード：{ $code }（10分以内）誰にも教えないでください。
letter-code-voice = { $store }の確認コードです。{ $code }。
letter-taken-subject = 【{ $store }】会員登録のお申し込みについて
letter-taken-mail = このメールアドレスは、すでに{ $store }に登録されています。

    登録し直す必要はありません。いつもの方法でログインしてください。
    お心当たりがない場合は、何もする必要はありません。

## Pages: a report

front-report = 身に覚えのない注文や請求があるとき、ログインできなくなったときに。ログインは不要です。
sign-in-locked-out = ログインできない、身に覚えのない注文がある
report-title = 不正利用の報告
report-now-title = まず、アカウントを守ります
report-now = 報告を始めると、以前からのメールアドレスや電話番号に、アカウントをその場でロックできるコードをお送りします。
report-now-code = コードをお持ちの方はこちら
report-path = 各種サービス → セキュリティ、機能
report-login = ログインに使っていたメールアドレスか電話番号
report-login-hint = 変えられてしまった場合は、変わる前のものを入力してください。
report-topic = 内容
report-topic-taken-over = アカウントを乗っ取られた
report-topic-charges = 身に覚えのない注文や請求がある
report-topic-mail = 不審なメールやSMSが届いた
report-topic-other = そのほか
report-taken-over = 今、ログインできますか
report-taken-yes = できない、または登録内容が変えられている
report-taken-no = できる
report-by = どなたのアカウントですか
report-by-owner = 自分のアカウント
report-by-helper = 家族や知人のアカウント（代わりに報告）
report-by-cardholder = 他人のアカウントで、自分のカードが使われた
report-begin = 報告を始める
report-again = 報告の状況を見る
report-details-title = わかることを教えてください
report-details-lead = わかるところだけで構いません。入力した内容はその都度保存します。
report-keep = 次の番号と合言葉を控えてください。あとで続きを入力したり、結果を見たりするときに使います。
report-number = 受付番号
report-secret = 合言葉
report-what = 何が起きましたか
report-what-hint = 例：6月3日の夜から4日の朝に、知らない注文が9件ありました。
report-orders = 身に覚えのない注文の番号
report-orders-hint = 一行に一つずつ。わからなければ空欄で構いません。
report-statement = カードなどの明細
report-statement-hint = 日付、店名、金額をそのまま貼り付けられます。カード番号は下4桁のみ残します。
report-name = お名前
report-address = ご住所（郵便番号から）
report-card = カード番号の下4桁
report-password = 以前のパスワード
report-password-hint = いつ変えられたかを調べるためだけに使い、保存しません。電話やメールでお尋ねすることはありません。
report-password-given = 照合は済んでいます。別のものを試すときだけ入力してください。
report-contact = 今、連絡できる電話番号やメールアドレス
report-contact-hint = ご連絡のためだけに使います。本人確認には使いません。
report-told-issuer = カード会社にも連絡した
report-next = 保存して次へ
report-check-title = 内容の確認
report-slot-what = 注文履歴や明細でわかること
report-slot-orders = 身に覚えのない注文
report-slot-login = 以前のログイン情報
report-slot-name = お名前とご住所
report-slot-filled = 入力済み
report-slot-empty = 未入力
report-missing-title = あると早く進むもの
report-missing-what = 何が起きたか、または明細。どの注文を調べるかの手がかりになります。
report-missing-orders = 身に覚えのない注文の番号。発送を止める注文を間違えないためです。
report-missing-login = 以前のメールアドレスか電話番号。アカウントを探すために使います。
report-missing-name = お名前とご住所。以前の登録内容と照らし合わせます。
report-missing-contact = 今の連絡先。登録されている連絡先は変えられているおそれがあるためです。
report-missing-later = 足りないまま送っても構いません。あとから追加できます。
report-send = 報告を送る
report-back = 戻って入力する
report-status-title = 報告の状況
report-enter = 状況を見る
report-enter-wrong = 受付番号か合言葉が正しくありません。
report-due = 次のご連絡の目安：{ $at }まで
report-go-on = 続きを入力する
report-back-lead = 本人確認が終わりました。新しいパスワードを決めると、アカウントを使えるようになります。しばらくは、ログインのたびに追加の確認をお願いします。
report-back-now = アカウントをお返しする準備ができました。
report-back-at = 安全のため少し時間をおき、{ $at }から新しいパスワードを決められます。
evidence-title = 画像やファイル
evidence-count = 追加済み：{ $count }件
evidence-label = 注文履歴や明細の画面など
evidence-hint = PNG、JPEG、PDF、CSV、メール（.eml）、テキスト。一つ8MBまで、20件まで。位置情報などは取り除き、カード番号は下4桁のみ残します。
evidence-button = 追加する
evidence-added = ファイルを追加しました。
evidence-empty = ファイルが選ばれていないか、空です。
evidence-too-large = ファイルが大きすぎます。8MB以下にしてください。
evidence-too-many = これ以上は追加できません。
evidence-kind = この種類のファイルは受け付けていません。PNG、JPEG、PDF、CSV、テキストでお送りください。
evidence-broken = ファイルを読み取れませんでした。撮り直すか、別の形式でお試しください。
evidence-pixels = 画像が大きすぎます。縦横それぞれ10,000ピクセル以下にしてください。
evidence-active = プログラムやほかのファイルを含むため、受け付けられません。画面を撮った画像でお送りください。
report-helper = 代わりに報告された方には、状況のみをお知らせしています。
report-orders-title = 注文ごとの結果
report-prove-title = ご本人の確認
report-prove-lead = 確認が進むと、ロックや返金をすぐに行えます。
report-level-none = まだ確認できていません。
report-level-one = 一つの方法で確認できました。もう一つ確認できると、アカウントをお返しし、返金できます。
report-level-two = 二つの方法で確認できました。
report-prove-contact = 以前から登録していたメールアドレスか電話番号
report-prove-hint = 登録と一致したときだけ、確認コードをお送りします。
report-talk-title = やりとり
report-from-desk = 窓口より
report-from-you = あなた
report-say = 追加で伝えること
report-say-button = 送る
report-warning = 当店がパスワードや確認コードを電話やメールでお尋ねすることはありません。
case-draft = まだ送られていません。
case-submitted = 受け付けました。担当者が順に確認します。
case-triage = 担当者が確認しています。
case-unidentified = アカウントを特定できていません。以前のメールアドレスや注文番号を追加してください。
case-need-info = 追加の情報をお待ちしています。下のやりとりをご覧ください。
case-verifying = ご本人の確認を進めています。
case-contained = アカウントをロックし、不正な操作を止めました。注文を一件ずつ確認しています。
case-decided = 結果が決まりました。
case-restitution = 不正利用と確認しました。返金と商品の回収を進めています。
case-monitoring = 返金などの手続きが終わりました。しばらくアカウントを見守ります。
case-closed = 対応を終えました。
case-appeal = 再度の確認を受け付けました。別の担当者が確認します。
case-merged = 同じアカウントの報告とあわせて確認しています。
report-money-title = 返金
report-money-waits = 手続き中
report-money-asked = 依頼済み
report-money-paid = 返金済み
report-money-issuer = カード会社から返金
case-order-open = 確認中
case-order-refund = 返金します
case-order-issuer = カード会社から返金されます
case-order-no = 不正利用とは確認できませんでした
flash-report-sent = 報告を受け付けました。
flash-not-proven = 確認できませんでした。少し待って、もう一度お試しください。

## Pages: the desk

desk-title = 受付一覧
desk-case = 受付 { $number }
desk-empty = 対応中の報告はありません。
desk-nav = 窓口
desk-next-page = 次のページ
desk-first-page = 最初のページに戻る
desk-back = 受付一覧へ戻る
desk-priority = 優先度
desk-state = 状態
desk-level = 本人確認
desk-agent = 担当
desk-due = 期限
desk-overdue = 期限超過
desk-taken-over = 乗っ取り
desk-take = 担当する
desk-take-first = 担当すると内容を見られます。担当したことは履歴に残ります。
desk-report = 報告の内容
desk-unmask = 伏せた項目を見る
desk-unmask-button = 理由を残して見る
desk-reason = 理由
desk-claims = 申告と以前の登録の照合
desk-claims-lead = 一致していても本人確認にはなりません。変更された時期を知る手がかりです。
desk-claim = 項目
desk-result = 結果
desk-until = 有効だった時期の終わり
desk-claim-login = ログイン
desk-claim-former-password = 以前のパスワード
desk-claim-name = お名前
desk-claim-address = 郵便番号
desk-claim-birth-date = 生年月日
desk-claim-card-last4 = カード下4桁
desk-claim-orders = 注文番号
desk-result-match = 一致
desk-result-no_match = 不一致
desk-result-not_available = 照合できません
desk-profile = 登録内容の前と今
desk-then = 始まる前
desk-now = 今
desk-changed = 変更あり
desk-profile-mails = メールアドレス
desk-profile-phones = 電話番号
desk-profile-authenticators = 認証アプリ
desk-profile-passkeys = パスキー
desk-profile-recovery_codes = 回復コードの残り
desk-profile-two_step = 二段階認証
desk-profile-postcode = お届け先の郵便番号
desk-window = 乗っ取りの範囲
desk-window-start = 始まり：{ $at }
desk-why-first_sign_in = 同じ手による最初のログイン
desk-why-first_act = 同じ手による最初の操作
desk-why-as_told = 報告された時期
desk-at = 日時
desk-what = 操作
desk-who = 人
desk-score = 不一致の度合い
desk-orders = 注文
desk-no-order = このアカウントに該当する注文はありません
desk-in-window = 範囲内
desk-mark-mine = 本人の注文
desk-mark-not_mine = 本人の注文ではない
desk-mark-button = 本人の注文ではないとする
desk-rule = 判定する
desk-approve = 二人目として承認する
desk-by-table = 判定表による
desk-wants-second = 二人目の承認待ち
desk-ruling-refund = 返金
desk-ruling-settled_by_issuer = カード会社から返金
desk-ruling-review = 要確認
desk-ruling-not_confirmed = 不正とは確認できず
desk-contained = 封じ込めの結果
desk-done = 完了
desk-failed-not_a_member = ログインをストア側で管理
desk-failed-no_endpoint = 通知先が未登録
desk-item-account_locked = アカウントのロック
desk-item-sessions_ended = ログイン中の端末の終了
desk-item-password_off = パスワードの無効化
desk-item-changes_reversed = 変更の取り消し
desk-item-devices_forgotten = 不審な端末の登録解除
desk-item-pending_changes_stopped = 待機中の変更の中止
desk-item-owners_told = 以前の連絡先への通知
desk-item-store_told_to_end_sessions = ストアへの通知：ログアウト
desk-item-store_told_to_hold_cards_and_payouts = ストアへの通知：カードと出金の停止
desk-item-orders_held = 注文の出荷停止
desk-item-gift_codes_revoked = ギフトコードの失効
desk-next = 対応
desk-begin-at = 始まりの日時
desk-begin = 始まりを決める
desk-locate-id = ストアでのアカウントID
desk-locate = アカウントを特定する
desk-cause = 原因
desk-cause-phishing = フィッシング
desk-cause-reused_password = パスワードの使い回し
desk-cause-malware = マルウェア
desk-cause-sim_swap = SIMの乗っ取り
desk-cause-help_desk = 窓口のなりすまし
desk-cause-insider = 内部の関与
desk-cause-unknown = 不明
desk-contain = 封じ込める
desk-recover = アカウントを返す
desk-decide = 決定する
desk-say = 報告者に送る
desk-ask = 追加の情報を求める
desk-document = 書類を確認した
desk-note = 履歴に残す
desk-made-whole = 回復の完了
desk-close = 終了する
desk-reporter = 報告者
desk-steps = 履歴
desk-by-reporter = 報告者
desk-by-system = システム
desk-state-draft = 入力中
desk-state-submitted = 受付
desk-state-triage = 確認中
desk-state-unidentified = アカウント未特定
desk-state-need_info = 情報待ち
desk-state-verifying = 本人確認中
desk-state-contained = 封じ込め済み
desk-state-decided = 決定
desk-state-restitution = 回復中
desk-state-monitoring = 見守り中
desk-state-closed = 終了
desk-state-appeal = 再審査
desk-state-merged = 統合
desk-did-opened = 開始
desk-did-submitted = 送信
desk-did-taken = 担当
desk-did-located = 特定
desk-did-asked_for_more = 情報を依頼
desk-did-supplied = 情報を追加
desk-did-proved = 本人確認
desk-did-contained = 封じ込め
desk-did-recovered = 返却の開始
desk-did-marked = 注文の申告
desk-did-ruled = 判定
desk-did-approved = 承認
desk-did-decided = 決定
desk-did-made_whole = 回復
desk-did-closed = 終了
desk-did-withdrawn = 取り下げ
desk-did-appealed = 再審査の申し立て
desk-did-reopened = 再開
desk-did-merged = 統合
desk-did-noted = 記録
desk-did-unmasked = 伏せ字の表示
desk-did-packed = 証拠の記録を作成

## Pages: security

security-title = ログインとセキュリティ
security-sign-in = ログイン
security-password = パスワード
security-contacts = メールアドレスと電話番号
security-change = 変更
security-add = 追加
security-remove = 削除
security-on = オン
security-off = オフ
security-two-step = 二段階認証
security-two-step-lead = パスワードが知られても、ご本人以外はログインできなくなります。
security-apps = 認証アプリ
security-passkeys = パスキー
passkeys-lead = 指紋や顔、画面ロックだけでログインできます。偽のサイトでは働かないため、パスワードより安全です。
passkeys-none = まだ登録されていません。
passkeys-missing = このブラウザーではパスキーを追加できません。対応したブラウザーでお試しください。
passkey-add-title = 新しいパスキー
passkey-add = パスキーを追加する
passkey-not-added = パスキーを追加できませんでした。もう一度お試しください。
passkey-name = 名前
passkey-name-hint = 例：仕事用のスマートフォン。空欄なら、お使いのブラウザーの名前になります。
passkey-rename = 名前を変える
passkey-since = 追加：{ $at }
passkey-used = 最後に使った日時：{ $at }
passkey-never-used = まだ使われていません
passkey-device-bound = 1台の端末だけに保存
passkey-eligible = ほかの端末と同期できます（今は同期していません）
passkey-backed-up = ほかの端末と同期しています
security-codes = 回復コード
security-codes-left = 残り{ $count }個
security-codes-new = 新しい回復コードを作る
security-turn-on = 二段階認証をオンにする
security-turn-off = 二段階認証をオフにする
security-activity = 最近の動き
security-new = 未読
security-nothing = まだありません。
security-sessions = ログイン中の端末
security-this = この端末
security-end = ログアウトさせる
security-end-others = ほかの端末をすべてログアウトさせる
security-stores = ログイン中のストア
security-store-since = ログイン：{ $at }
security-devices = 覚えている端末
security-devices-lead = 忘れた端末からのログインは、はじめての端末と同じように確認します。その端末のログインも終わります。
security-devices-none = 覚えている端末はありません。
security-device-seen = 最後の利用：{ $at }
security-device-trusted = { $at }まで、二段階認証を省略します
security-device-forget = この端末を忘れる
security-after-purchase = 買い物のたびにログアウトする
security-save = 保存する
security-back = ログインとセキュリティへ戻る
cards-title = 登録カード
cards-many = カードが{ $count }枚登録されています。ふだん使わないカードの登録は外しておくと安心です。
cards-none = 登録されているカードはありません。
cards-unknown = 登録カードについて、{ $store }からの知らせはまだありません。
cards-page = { $store }のページでカードを削除する
cards-where = カードの削除は、{ $store }のお支払い方法の画面でできます。
card-credit = クレジットカード
card-debit = デビットカード
card-plain = カード
card-number = 末尾{ $last4 }
card-added = 登録：{ $at }
card-used = 最後のご利用：{ $at }
card-never-used = ご利用の記録はありません
card-unused = 180日以上ご利用がありません
check-title = 四つの点検
check-two-step = 二段階認証を使う
check-cards = カードをむやみに登録しない
check-sign-out = 買い物のあとはログアウトする
check-mail = 不審なメールは開かない
check-well = できています
check-said-cards = 確認済みにする
check-said-mail = 確認済みにする
check-open = 見直しましょう
standing-restricted-page = いつもと違う操作があったため、一部の操作を制限しています。お使いの端末から、認証アプリやSMSなどで本人確認をすると解除できます。
security-lift = 本人確認をして解除する
standing-watch-page = 念のため、大切な操作の前に確認をお願いしています。
standing-probation-page = 復旧のあとしばらくは、ログインのたびに確認をお願いしています。
reply-mine = 「私です」と回答済み
reply-not-mine = 「心当たりがない」と回答済み
reply-mine-button = これは私です
reply-not-mine-button = 心当たりがない
prove-again-title = もう一度ご確認ください
prove-again-lead = セキュリティの設定を変える前に、パスワードを入力してください。
prove-again-wrong = パスワードが正しくありません。
password-title = パスワードの変更
password-new = 新しいパスワード
password-ends-sessions = 変更すると、ほかの端末はすべてログアウトします。
contacts-title = メールアドレスと電話番号
contacts-add = 追加・変更する
contacts-label = 新しい連絡先
contacts-hint = メールアドレス
contacts-hint-phone = メールアドレスまたは携帯電話番号
contacts-replaces = 置き換える連絡先
contacts-replaces-none = 置き換えずに追加する
contacts-wait = パスワードだけで確認している場合、反映まで24時間かかります。今の連絡先にもお知らせし、7日間は取り消せます。
contacts-send = 確認コードを送る
contact-unreadable = メールアドレスまたは電話番号の形が正しくありません。
two-step-title = 認証アプリの追加
two-step-step-app = アプリを登録
two-step-step-codes = 回復コードを保管
two-step-step-on = オンにする
two-step-lead = 認証アプリで次の画像を読み取り、表示された6桁のコードを入力してください。
two-step-picture = 認証アプリで読み取るQRコード
two-step-type = 読み取れないときは、次の文字を入力してください。
two-step-name = アプリや端末の名前（任意）
two-step-next = 登録する
two-step-wrong = コードが違います。端末の時刻が合っているかもご確認ください。
codes-title = 回復コード
codes-lead = 端末をなくしたときに使うコードです。表示は今回だけです。印刷するか書き写して、安全な場所に保管してください。
codes-kept = 保管しました
not-me-lead = お知らせのメールやSMSに書かれたコードを入力してください。変更を元に戻すか、アカウントをロックして、すべての端末をログアウトさせます。
not-me-code = コード
not-me-hint = 例：ABCD-EFGH-JKMN-PQRS
not-me-button = アカウントを守る
not-me-wrong = コードが正しくないか、期限が切れています。
not-me-restored = 変更をすべて元に戻し、すべての端末をログアウトさせました。
not-me-locked = アカウントをロックし、すべての端末をログアウトさせました。
not-me-set-password = 新しいパスワードを決める
not-me-next = 詳しい結果は、以前からの連絡先へお送りしました。
mailbox-title = 開発用の受信箱
mailbox-lead = 送信されるはずだったメール・SMS・電話の内容です。開発時だけ表示されます。
mailbox-empty = まだ何も送られていません。

flash-proven = 確認できました。
flash-saved = 保存しました。
flash-password-changed = パスワードを変更しました。
flash-contact-added = 連絡先を受け付けました。
flash-contact-removed = 連絡先を削除しました。
flash-contact-taken = その連絡先は使えません。
flash-authenticator-added = 認証アプリを登録しました。続けて回復コードを作りましょう。
flash-authenticator-removed = 認証アプリを削除しました。
flash-passkey-added = パスキーを追加しました。
flash-passkey-removed = パスキーを削除しました。端末に残っている分は、端末の設定から削除してください。
flash-two-step-on = 二段階認証をオンにしました。
flash-two-step-off = 二段階認証をオフにしました。
flash-sessions-ended = ログアウトさせました。
flash-device-forgotten = 端末を忘れました。その端末のログインも終わりました。
flash-thanks = ご回答ありがとうございました。
flash-not-mine = ほかの端末をすべてログアウトさせました。念のため、パスワードを変更してください。
flash-needs-factor = 先に認証アプリなどを登録してください。
flash-needs-backup = 先に回復コードを作ってください。
flash-two-step-hangs-on-it = 二段階認証に必要なため、削除できません。先にほかの方法を追加するか、オフにしてください。
flash-two-step-required = このアカウントでは二段階認証が必須です。
flash-last-contact = 最後の連絡先は削除できません。
flash-too-many = これ以上は登録できません。
flash-released = 制限を解除しました。
flash-nothing-changed = 変更はありませんでした。

## Pages: on the way back to a store

onward-title = お店へ戻ります
onward-link = 自動で進まないときは、こちらを押してください

## Mails: is it genuine?

mail-verdict-genuine = 本物です（差出人のドメインと認証が確認できました）
mail-verdict-suspicious = 不審な点があります
mail-verdict-forged = なりすましです
mail-verdict-unclear = 判断できません
mail-likely-genuine = 本物と思われます（差出人は認証されていますが、別のサイトへのリンクがあります）
mail-not-authenticated = ※ 送信元の認証（SPF・DKIM・DMARC）は確認していません。
mail-advice-bad = リンクや添付ファイルは開かず、公式アプリやブックマークからご確認ください。
mail-total = { $mails }通を確認し、{ $findings }通に不審な点がありました。
mail-auth-aligned = 差出人のドメインが認証されています
mail-auth-dmarc-failed = 受信サーバーの認証（DMARC）に失敗しています
mail-auth-signed-by-own = 差出人のドメインによる署名が付いています（未検証）
mail-auth-brand-unsigned = ブランドのドメインを名乗っていますが、署名がなく、リンク先も別のサイトです
mail-auth-a-receiver-refused = 配送途中の認証（DMARC）に失敗しています
mail-who-brand-foreign-domain = ブランドを名乗っていますが、ドメインがそのブランドのものではありません
mail-who-looks-like-brand = ブランド名に似せた文字が使われています
mail-who-brand-in-subject = 件名のブランドと差出人が一致しません
mail-who-brand-in-text = 本文のブランドと差出人が一致しません
mail-who-unreadable-sender = 差出人が正しい形で書かれていません
mail-who-no-sender = 差出人がありません
mail-who-disguised-letters = 見えない文字や、よく似た別の文字が混ざっています
mail-who-reply-elsewhere = 返信先が別の組織です
mail-who-speaks-for-a-service = サポートや事務局を名乗っています
mail-leads-not-to-brand = 名乗っているブランドへのリンクが一つもありません
mail-leads-text-names-another = 表示と異なるサイトへのリンクがあります
mail-leads-shortened = 短縮URLが使われています
mail-leads-free-hosting = 誰でも使えるサーバーへのリンクがあります
mail-leads-bare-address = リンク先がIPアドレスです
mail-leads-hidden-host = リンク先のサイト名が隠されています
mail-leads-through-another = 別のサイトを経由するリンクがあります
mail-leads-odd-ending = 不審なメールによくあるドメインへのリンクがあります
mail-leads-all-elsewhere = リンクがすべて差出人とは別のサイトです
mail-leads-form = メールの中に入力欄やプログラムがあります
mail-leads-attachment = 開くと危険な種類の添付ファイルがあります
mail-wants-account = アカウントの停止や本人確認を口実にしています
mail-wants-payment = 支払い・請求・返金を口実にしています
mail-wants-parcel = 荷物の配達を口実にしています
mail-wants-prize = 当選や特典で誘っています
mail-wants-haste = 急がせる言葉があります
mail-wants-nobody-named = 宛名に名前がありません
mail-wants-a-press = ボタンやリンクを押すよう求めています
mail-wants-by-picture = 文章がほとんどなく、画像で伝えています
mail-how-hidden-text = 見えない文章が多く含まれています
mail-how-html-alone = 知られていない差出人からのHTMLメールです
mail-how-conversation = やり取りの続きのメールです
mail-how-list = メーリングリストのメールです
mail-how-can-be-left = 配信停止の方法が書かれています
mail-how-plain-text = 文字だけのメールです
mail-how-own-domain = 名乗っているブランド自身のドメインです
mail-how-no-message-id = Message-IDまたは日付がありません
mail-how-nothing-to-read = 読める内容がありません

## 返金と回収: お金の戻り方と、担当者にお願いすること
refund-path-card-statement = カードのご利用明細に、返金として表示されます。反映まで最長3週間ほどかかることがあります。
refund-path-bank-account = デビットカードの引き落とし口座に戻ります。反映まで最長10日ほどかかることがあります。
refund-path-later-bill = 後払いのご請求額から差し引かれます。請求が確定している場合は、次回のご請求から差し引かれます。
refund-path-phone-bill = 携帯電話のご利用料金から、今月または翌月分で差し引かれます。
refund-path-balance = 残高に戻ります。すぐに反映されます。
refund-path-by-hand = 返金方法について、こちらからご連絡します。
script-cancel-not-done = 注文がまだ取り消されていません。発送済みかどうかを確認し、取り消すか、荷物の状況を記録してください。
script-code-not-revoked = コードがまだ無効になっていません。発行元で無効にし、使用済みだったかどうかを記録してください。
script-call-carrier = 配送会社に電話してください。「荷送人です。この荷物の配達を止め、荷送人である当社に返送してください」。荷送人の契約番号を用意し、返送以外は依頼しないでください。回答を記録してください。
script-call-seller = 出品者に電話してください。「配送会社にこの荷物の配達停止と返送を依頼してください」。お客様に関することは伝えないでください。回答を記録してください。
script-chase-carrier = 配送会社は了承しましたが、荷物が止まった記録がまだありません。電話で状況を確認してください。
script-trace-parcel = 返送が始まってから2週間たちました。配送会社に荷物の調査を依頼してください。
script-seller-silent = 出品者から7日間返答がありません。返金はこの返答を待ちません。もう一度依頼するか、責任者に請求の打ち切りを相談してください。
script-check-receipt = 商品が届いているか確認し、出品者が負担する金額があればあわせて記録してください。
script-claim-from-carrier = 紛失した荷物の補償を配送会社に請求し、支払われた金額を記録してください。
script-payer-silent = 決済側から3日間回答がありません。ほかの対応の前に、この返金の状況を決済側で確認してください。
script-nobody-pays = refund.requested を受け取る Webhook がなく、返金の依頼がどこにも届いていません。Webhook を登録するか、手動で返金し、結果を記録してください。
script-refund-by-hand = この返金は元の支払方法に戻せず、まだお支払いできていません。別の方法を責任者と決めてください。お客様の本人確認は最も高いレベルで済んでいる必要があります。
## Pages: mail check

front-mail-check = 届いたメールが本物かどうかを調べます。ログインは不要です。
mail-check-title = 届いたメールの確認
mail-check-lead = 気になるメールを貼り付けるか、ファイルを選んでください。本物かどうかと、その理由をお知らせします。
mail-check-nothing = メールを貼り付けるか、ファイルを選んでください。
mail-check-source = メールのソース、または本文
mail-check-source-hint = ソース（ヘッダーを含む全体）があると、より確かに判定できます。
mail-check-sender-field = 差出人（本文だけを貼り付けるとき）
mail-check-sender-hint = 名前とメールアドレスを、表示されているとおりに入力してください。
mail-check-file = または、保存したメールのファイル（.eml）
mail-check-gmail = Gmailで受け取り、Gmailの画面からソースをコピーまたは保存した
mail-check-button = 確認する
mail-check-not-kept = 貼り付けた内容やファイルは保存しません。メールの中のリンクを開くこともありません。
mail-check-why = 判定の理由
mail-check-what-it-says = メールに書かれていること
mail-check-sender = 差出人
mail-check-subject = 件名
mail-check-links = リンク先
mail-check-links-inert = 安全のため、押しても開かない文字として表示しています。
mail-check-links-more = ほかに{ $count }件のリンクがあります。
mail-check-words-alone = ソースがないため、本文と差出人の表示だけで判定しています。
mail-check-now = 今できること
mail-check-now-opened = 開いただけなら、そのままメールを削除してください。
mail-check-now-password = パスワードを入力した場合は、すぐに変更してください。
mail-check-now-card = カード番号を入力した場合は、カード裏面の番号に電話し、利用の停止をご相談ください。
mail-check-now-odd = 身に覚えのない注文や登録情報の変更があれば、お知らせください。
mail-check-now-unsure = メールのリンクは使わず、公式アプリやブックマークから{ $store }を開いて、同じお知らせがあるかをご確認ください。
mail-check-forward = メールの情報提供
mail-check-forward-how = 次の宛先に、メールをファイルとして添付して転送すると、ほかの方の被害を防ぐことにつながります。
mail-check-council = フィッシング対策協議会
mail-check-sent-ours = { $store }からこの内容で送信した記録があります。
mail-check-sent-to-another = { $store }から別の方に送信した記録があります。お客様宛てのメールではありません。
mail-check-sent-other-content = { $store }が送信したメールの番号が使われていますが、内容が異なります。
mail-check-sent-content-unknown = { $store }から送信した記録がありますが、内容が同じかどうかは確認できません。
mail-check-sent-not-found = { $store }の送信記録に見当たりません。
mail-check-account-open = お客様の{ $store }のアカウントは、ロックされていません。
mail-check-account-held = お客様の{ $store }のアカウントは、安全のため一部の操作を制限しています。
mail-check-another = 別のメールを確認する
mail-check-how = ソースの取り出し方
mail-check-how-gmail = パソコンでメールを開き、右上の「︙」から「メッセージのソースを表示」を選び、全体をコピーします。
mail-check-how-outlook = パソコンでメールを開き、「…」のメニューからメールをダウンロード（保存）し、そのファイルを選びます。
mail-check-how-phone-name = スマートフォン
mail-check-how-phone = 差出人の名前を押すとアドレスが表示されます。差出人と本文をコピーして貼り付けてください。

## Pages: statement check

front-statement-check = カードの利用明細と注文を照らし合わせて、身に覚えのない請求を見つけます。
statement-check-title = カード明細の確認
statement-check-lead = カードの利用明細を、ご自身の注文と照らし合わせます。注文にない請求とその合計をお知らせします。
statement-check-statement = カードの利用明細
statement-check-statement-hint = カード会社のサイトからダウンロードしたCSV・OFX・QIFファイル（合計2MBまで）
statement-check-orders = 注文の一覧
statement-check-orders-hint = Amazonの注文履歴、または注文番号・日付・金額のあるCSVファイル
statement-check-own = { $store }でのご注文
statement-check-own-use = このアカウントの注文と照らし合わせる
statement-check-own-hint = この中に、ご自身の注文ではないものがあれば選んでください。
statement-check-own-none = このアカウントの注文は、まだありません。
statement-check-merchant-field = お店の名前（任意）
statement-check-merchant-hint = 明細に書かれている名前です。そのお店の請求だけを確認します。
statement-check-columns = 列の指定（任意）
statement-check-columns-hint = 明細をうまく読み取れないときだけ。例：date=1,merchant=2,amount=3
statement-check-button = 照らし合わせる
statement-check-not-kept = ファイルは照合のあいだだけ使い、保存しません。
statement-check-sign-in = ログインすると、{ $store }での注文と照らし合わせられます。
statement-check-not-mine = これは自分の買い物ではない
statement-check-look = 念のため確認していただきたいものがあります。
statement-check-nobody = このお店の請求は、明細に見当たりませんでした。明細に書かれている名前を「お店の名前」に入力してください。
statement-check-day = 日付
statement-check-merchant = ご利用先
statement-check-amount = 金額
statement-check-why = 理由
statement-check-refunded = 返金済み
statement-check-more = ほかに{ $count }件あります。
statement-check-files = 読み取ったファイル
statement-check-file-count = { $count }件
statement-check-file-skipped = （読み取れなかった行：{ $count }件）
statement-check-guessed = 列を次のように推定しました：{ $columns }
statement-check-again = もう一度照らし合わせる
statement-check-no-statement = カードの利用明細のファイルを選んでください。
statement-check-no-orders = 注文の一覧のファイルを選んでください。
statement-check-bad-columns = 列の指定を読み取れませんでした。date=1,merchant=2,amount=3 のように入力してください。
statement-check-empty = ファイルに何も書かれていません。
statement-check-too-large = ファイルが大きすぎるか、行が多すぎます。
statement-check-not-text = このファイルは読み取れません。CSV・OFX・QIFのいずれかで保存し直してください。
statement-check-unknown-columns = どの列が何を表すか分かりませんでした。「列の指定」に入力してください。
statement-check-columns-seen = 見つかった列：{ $columns }
statement-check-dates = 日付の並びが分かりませんでした。「列の指定」に dates=mdy（月・日・年）か dates=dmy（日・月・年）を加えてください。
statement-check-broken = ファイルの内容が途中で壊れているか、利用明細や注文の一覧ではありません。

## Pages: the desk, money and parcels

whole-title = 受付 { $number }：返金と荷物
whole-link = 返金と荷物を見る
whole-none = まだ計画はありません。判定が確定すると、店のシステムから注文の内訳が届きます。
whole-total = 返金の合計 { $amount }
whole-victims-share = お客様の負担 0円
whole-over = 完了
whole-approved-by = 承認：{ $names }
whole-approve = 返金を承認する
whole-approve-all = すべての返金を承認する
whole-task-done = 対応済みにする
whole-parcels = 荷物とギフトコード
whole-turn = 担当：{ $who }
whole-receivable = 不正利用者への請求 { $amount }
whole-record = 結果を記録する
whole-what = できごと
whole-amount = 金額（必要なとき）
whole-record-button = 記録する
whole-refunds = 返金
whole-line = 明細
whole-sum = 金額
whole-path = 返金の方法
whole-books = 帳簿
whole-books-lead = 借方をプラス、貸方をマイナスで示します。すべて足すと 0 になります。
whole-account = 勘定
whole-record-cancelled = 発送前にキャンセルした
whole-record-carrier_answered-accepted = 配送会社が配達停止を引き受けた
whole-record-carrier_answered-rejected = 配送会社が断った
whole-record-carrier_answered-stopped = 配達が止まった
whole-record-carrier_answered-returning = 返送中
whole-record-carrier_answered-returned = 差出人に戻った
whole-record-carrier_answered-delivered = 配達済みだった
whole-record-seller_answered-agreed = 出品者が返品を承諾した（負担額）
whole-record-seller_answered-refused = 出品者が断った
whole-record-seller_answered-received = 出品者に商品が届いた
whole-record-received = 商品が戻った（出品者の負担額があれば入力）
whole-record-code_answered-revoked = コードを無効にした
whole-record-code_answered-redeemed = コードは使用済みだった
whole-record-carrier_paid = 配送会社から補償された（金額）
whole-record-fee_billed = 返送料が請求された（金額）
whole-record-write_off = 請求をあきらめる（管理者）
whole-place-not_authorised = 決済前
whole-place-unshipped = 発送前
whole-place-digital = ギフトコード
whole-place-in_transit = 配送中
whole-place-delivered = 配達済み
whole-place-returned = 返送済み
whole-place-refused_at_door = 受取拒否
whole-place-lost = 紛失
whole-stage-identified = 確認済み
whole-stage-held = キャンセル待ち
whole-stage-revoking = 無効化待ち
whole-stage-intercepting = 配達停止を依頼中
whole-stage-return_requested = 出品者に返品を依頼中
whole-stage-checking_receipt = 到着の確認待ち
whole-stage-claiming_from_carrier = 配送会社に補償を請求中
whole-stage-claim_open = 不正利用者に請求中
whole-stage-resolved = 完了
whole-end-cancelled = キャンセル完了
whole-end-revoked = コードを無効にしました
whole-end-goods_back = 商品が戻りました
whole-end-paid_by_carrier = 配送会社が補償しました
whole-end-written_off = 損失として処理しました
whole-owner-store = 店
whole-owner-agent = 窓口
whole-owner-supervisor = 管理者
whole-owner-seller = 出品者
whole-owner-carrier = 配送会社
whole-refund-proposed = 承認待ち
whole-refund-approved = 承認済み
whole-refund-submitted = 依頼済み
whole-refund-succeeded = 返金済み
whole-refund-failed_retryable = やり直し待ち
whole-refund-failed_final = 返金できません
whole-refund-settled_by_issuer = カード会社が返金
whole-refund-reversed = 取り消されました
whole-account-customer_refund_payable = お客様への未払い返金
whole-account-psp_clearing = 決済会社からの支払い
whole-account-store_fraud_loss = 店の不正損失
whole-account-seller_payable = 出品者への未払い
whole-account-guarantee_fund = マーケットプレイス保証
whole-account-gift_balance = ギフト残高・ポイント
whole-account-intruder_receivable = 不正利用者への請求
whole-account-carrier_payable = 配送会社への未払い
whole-account-write_off = 貸倒れ

# 折り返しの電話。ことばは言いやすく、聞き違えないもの。
callback-words = あさひ あじさい あひる あめ いかだ いちご いなほ いるか うぐいす うさぎ うちわ うみ うめ えんぴつ えのき おりがみ おにぎり おんせん かえで かがみ かき かざぐるま かに かぼちゃ かめ からす きつね きなこ きりん くじら くすのき くつした くり くるみ けやき こおり こだま こまどり こたつ ごま さくら さかな さつまいも さとう さる しいたけ しお しか しろくま すいか すずめ すみれ すもも せみ せんす そら そろばん たいこ たけのこ たこ たぬき たまご たんぽぽ ちょうちん つくえ つばき つばめ つみき てぶくろ てまり とけい とまと とんぼ どんぐり なし なす なのはな なべ にじ にわとり にんじん ぬりえ ねこ ねぎ のり はさみ はしご はちみつ はと はなび ばなな ひこうき ひつじ ひまわり ひよこ びわ ふうせん ふくろう ふで ふね ぶどう へちま ほうき ほし ほたる まくら まつ まど みかん みずうみ みそ むぎ めだか めがね もみじ もも やかん やぎ やなぎ ゆき ゆず よもぎ らっぱ りす りんご れんこん ろうそく わかめ
callback-says-ask = { $store }です。お申し込みいただいた折り返しのお電話です。お話しになる場合は1を押してください。お心当たりがない場合は9を押してください。パスワードや確認コードをお聞きすることはありません。
callback-says-join = ありがとうございます。担当者におつなぎします。はじめに担当者が、受付番号の四つのことばを申し上げます。ことばが違うときは、電話をお切りください。
callback-says-declined = 承知しました。この件で再びお電話することはありません。失礼いたします。
callback-says-not-reached = 申し訳ございません。担当者におつなぎできませんでした。数分後にもう一度お電話します。
callback-sms-reminder = { $store }：{ $at }からお電話します。パスワードやコードをお聞きすることはありません。
callback-sms-unanswered = { $store }：三度お電話しましたが、つながりませんでした。報告のページで別の時間を選べます。
callback-unanswered = 三度お電話しましたが、つながりませんでした。別の時間を選ぶか、ここにお書きください。
callback-nobody-there = お約束の時間にお電話できず、申し訳ございません。別の時間をお選びください。ご報告の確認は続けています。
call-title = 電話で話す
call-lead = こちらからお電話します。だれかに教えられた番号に電話していただく必要はありません。
call-link = 電話を申し込む・状況を見る
call-phrase = 受付番号の四つのことば
call-phrase-hint = お電話した担当者が、はじめにこのことばを申し上げます。言わないときや、あなたに尋ねるときは、私たちではありません。電話をお切りください。
call-never = パスワードや確認コードをお聞きすることは決してありません。
call-number = 電話番号
call-number-hint = 日本の固定電話か携帯電話。以前から登録されていた番号でないときは、状況のご説明のみで、アカウントの変更はできません。
call-when = いつ
call-now = いますぐ（担当者の手が空いています）
call-estimate = ただいま担当者は全員お話し中です。およそ{ $minutes }分後に手が空く見込みですが、お約束はできません。時間をお選びください。
call-nobody = ただいま電話の担当者がおりません。時間をお選びください。
call-slot = { $at }から30分の間
call-no-slots = この先数日の時間はすべて埋まっています。報告のページからお書きください。
call-ask = 電話を申し込む
call-cancel = 取り消す
call-back-link = 報告に戻る
call-to = 電話番号：{ $number }
call-refused-foreign = 日本国内の番号にのみお電話します。
call-refused-premium = 通話料の高い番号にはお電話できません。固定電話か携帯電話の番号をご入力ください。
call-refused-freephone = フリーダイヤルなどの番号にはお電話できません。固定電話か携帯電話の番号をご入力ください。
call-refused-no-line = 固定電話・携帯電話の番号ではないようです。ご確認ください。
call-refused-too-many = 本日、この番号へのお申し込みはこれ以上できません。報告のページからお書きください。
call-refused-open = すでにお申し込みを受け付けています。
call-refused-nobody = 担当者の手がふさがりました。時間をお選びください。
call-refused-slot = この時間は埋まりました。別の時間をお選びください。
call-refused-now = いまはその操作ができません。
call-state-waiting = { $at }から30分の間にお電話します。
call-state-promised = { $at }までにもう一度お電話します。
call-state-late = { $at }までにお電話するお約束でしたが、遅れております。申し訳ございません。必ずお電話します。
call-state-queued = まもなくお電話します。担当者の手が空きしだい呼び出します。
call-state-dialling = いまお電話しています。
call-state-talking = お話し中です。
call-state-retrying = つながりませんでした。{ $at }ごろにもう一度お電話します。
call-state-resolved = お話ししました。
call-state-followed-up = お話ししました。{ $at }までにもう一度お電話します。
call-state-unanswered = 三度お電話しましたが、つながりませんでした。別の時間をお選びください。
call-state-nobody-there = お約束の時間にお電話できませんでした。申し訳ございません。別の時間をお選びください。
call-state-cancelled = 取り消しました。
call-state-declined = 電話に出た方がお話しを希望されませんでした。こちらからはお電話しません。
flash-call-asked = お電話の申し込みを受け付けました。
flash-call-cancelled = お電話を取り消しました。
desk-calls = 電話
desk-calls-off = 電話は使われていません。設定 callback-gateway か、callback.due の購読を確認してください。
desk-calls-none = 待っている電話はありません。
desk-free-until = { $at }まで電話を受けます。
desk-not-free = 電話を受けていません。
desk-free-minutes = 受ける時間
desk-free-for = { $minutes }分間
desk-free = 電話を受ける
desk-free-stop = 電話を受けない
desk-call-promised = 約束の時刻
desk-call-state = 電話の状態
desk-call-waiting = 時間待ち
desk-call-queued = 担当者待ち
desk-call-dialling = 呼び出し中
desk-call-consented = 通話を希望
desk-call-connected = 通話中
desk-call-retrying = 応答なし・再度呼び出し
desk-call-resolved = 完了
desk-call-followed_up = 再度お電話
desk-call-unanswered = 応答なし
desk-call-nobody_there = 担当者不在
desk-call-cancelled = 取消
desk-call-declined = 希望せず
desk-call-wish-now = すぐに
desk-call-wish-slot = 時間指定
desk-call-wish-follow_up = 約束
desk-call-number = 番号
desk-call-number-from-before = 以前から登録されていた番号
desk-call-number-come-since = 発生後または直前に登録された番号（侵入者の番号のおそれ）
desk-call-number-unknown = 登録されたことのない番号
desk-call-information-only = 説明のみ
desk-call-phrase = 受付番号のことば
desk-call-script-first = はじめに言う：「{ $store }です。受付番号のことばは『{ $phrase }』です。」相手にことばを尋ねない。
desk-call-script-never = パスワード・確認コード・カード番号は決して聞かない。
desk-call-script-information = 状況の説明のみ。何も変更せず、アカウントの内容も認めない。
desk-call-script-account = アカウントの変更について話してよい。確認の度合いは証明だけで決まる。
desk-call-answered = 応答・通話を希望
desk-call-not-answered = 応答なし
desk-call-not-wanted = 希望せず
desk-call-resolve = 完了にする
desk-call-follow-up = 再度の電話を約束する
desk-call-due = いつまでに（日本時間）

## Pages: the desk, figures

figures-title = 窓口の指標
figures-lead = 直近{ $days }日に開かれた受付の集計です。
figures-incomplete = 件数が多いため、一部は含まれていません。
figures-cases = 受付
figures-confirmed = 不正利用と確定
figures-seen-first = そのうち報告より先に気づいたもの
figures-spans = かかった時間
figures-span = 区間
figures-count = 件数
figures-median = 中央値
figures-p90 = 10件中9件がこの時間以内
figures-detect = 侵入から気づくまで
figures-contain = 気づいてから封じ込めるまで
figures-decide = 報告から決定まで
figures-refund = 報告から返金の完了まで
figures-give-back = 封じ込めからお返しの開始まで
figures-seconds = { $count }秒
figures-minutes = { $count }分
figures-hours = { $count }時間
figures-days = { $count }日
figures-money = お金
figures-sum = 内訳
figures-prevented = 食い止めた額（請求済みのうち、取消・無効化・返送）
figures-refunded = 返金した額
figures-fees = 返送料
figures-recovered = 回収した額
figures-net-loss = 店の負担（不正利用者への請求を含む）

## Handover notes

handover-title = これからのこと
handover-desk = 報告した方のページにも同じ内容を表示しています。
handover-refunds-coming = 返金は元の支払方法に戻ります。明細への反映まで最長3週間ほどかかることがあります。
handover-issuer-pays = カード会社が返金する分は、当店からは重ねて返金しません。時期はカード会社にご確認ください。
handover-goods-taken-back = 届いた商品は出品者が回収します。お客様が送り返したり、送料を払ったりする必要はありません。
handover-police = 警察への被害届は、お住まいの地域の警察署で出せます。オンラインの相談窓口への連絡は、被害届とは別のものです。必要な記録はこのページからご依頼ください。
handover-credit-card = カード会社への申し出の期限は会社ごとに異なります。明細の通知から60日以内とする会社が多いため、早めにご確認ください。
handover-debit-card = デビットカードは口座からすぐに引き落とされます。銀行にも早めにご連絡ください。
handover-pay-later = 後払いは、調査中でも締め日を過ぎると請求されることがあります。提供会社に調査中とお伝えください。
handover-carrier-billing = 携帯電話会社への申し出は、90日以内が目安です。警察への届け出や、30日以内の書類の提出を求められることがあります。
handover-watched = アカウントはしばらく見守りを続け、二段階認証をオンのままにします。
handover-appeal = 確認できなかった注文の決定には、30日以内に再確認を申し出られます。このページの注文ごとの結果からお知らせください。
breach-report = 個人情報保護法：報告が必要な場合、速報は{ $preliminary }まで、確報は{ $final }までが目安です。報告の要否は法務の担当者が判断してください。

# 証拠の記録（受付からまとめて渡すもの）
pack-title = 不正利用の記録
pack-for-owner = ご本人用
pack-for-issuer = カード会社・決済会社用
pack-for-police = 警察用
pack-lead = この受付で分かったことを、渡す相手に合わせて1つの記録にまとめます。作成した記録は履歴に残り、あとから書き換えられていないことを確かめられます。
pack-make = 記録を作成する
pack-made = 作成日時
pack-whom = 渡す相手
pack-json = データ（JSON）
pack-print = 印刷用（PDF）
pack-store = 発行
pack-account = アカウント
pack-at-opened = 受付
pack-at-began = 始まったとみられる日時
pack-at-contained = 封じ込め
pack-at-recovered = 返却の開始
pack-at-decided = 決定
pack-at-closed = 終了
pack-why = その根拠
pack-sent-to = お届け先
pack-refund = 返金
pack-desk = 窓口
pack-proof = この記録が本物であること
pack-proof-lead = 内容のSHA-256は次のとおりです。同じ番号のデータ（JSON）に、元の内容と監査記録の行があります。
pack-proof-trail = 監査記録の { $position } 行目までを含みます。その行の値：{ $link }
pack-proof-check = 発行元は sekisho audit pack で、記録が発行時のままであることを確かめられます。
pack-own-title = 記録の受け取り
pack-own-lead = 何が起き、どう対応したかをまとめた記録です。警察への届け出やカード会社への申し出にお使いいただけます。

# できごと（注文やログインなど）
event-login = ログイン
event-registration = 会員登録
event-credential-password-changed = パスワードの変更
event-credential-passkey-added = パスキーの追加
event-credential-passkey-removed = パスキーの削除
event-credential-totp-added = 認証アプリの追加
event-credential-totp-removed = 認証アプリの削除
event-credential-two-step-enabled = 二段階認証をオン
event-credential-two-step-disabled = 二段階認証をオフ
event-credential-reset-requested = パスワード再設定の申請
event-profile-email-changed = メールアドレスの変更
event-profile-phone-changed = 電話番号の変更
event-profile-name-changed = 氏名の変更
event-profile-address-added = 住所の追加
event-profile-address-changed = 住所の変更
event-profile-address-removed = 住所の削除
event-payment-method-added = 支払方法の追加
event-payment-method-removed = 支払方法の削除
event-order-placed = 注文
event-order-changed = 注文の変更
event-order-cancelled = 注文のキャンセル
event-payment-authorised = 決済の承認
event-payment-captured = 決済の確定
event-payment-refunded = 返金
event-payment-disputed = 支払いの異議申し立て
event-shipment-created = 出荷の準備
event-shipment-handed-over = 配送会社へ引き渡し
event-shipment-in-transit = 配送中
event-shipment-delivered = 配達完了
event-shipment-returned = 返送
event-shipment-lost = 紛失
event-payout-requested = 出金の申請
event-payout-account-changed = 振込先の変更
event-session-ended = ログアウト
event-custom = その他の操作

# 担当者の記録（監督者・監査役）
conduct-title = 担当者の閲覧と操作
conduct-link = 担当者の閲覧と操作
conduct-lead = 直近{ $days }日間に、担当者が受付で見たこと・行ったことです。ほかの担当者より目立って多い数には印が付きます。多いこと自体は誤りではありません。本人に事情を確かめてください。
conduct-none = この期間の記録はありません。
conduct-unusual = 目立つ数があります
conduct-cases = 対応した受付
conduct-steps = 操作
conduct-looks = 閲覧
conduct-only_looked = 閲覧だけの受付
conduct-unmasked = 伏せ字の表示
conduct-refused = 担当外で断られた回数
conduct-packs = 作成した証拠の記録
tasks-title = 対応が必要なこと
tasks-lead = すべての受付から、人の対応が必要なことを期限の早い順に表示しています。
tasks-none = 対応が必要なことはありません。
tasks-order = 注文 { $order }
tasks-taken-by = { $name } が対応中
tasks-free = 担当者が決まっていません
tasks-case-agent = 受付の担当：{ $name }
tasks-take = 対応する
task-cancel-not-done = 取消の回答待ち
task-code-not-revoked = ギフトコードが未失効
task-call-carrier = 配送会社への電話
task-call-seller = 出品者への電話
task-chase-carrier = 配送会社への再確認
task-trace-parcel = 荷物の調査依頼
task-seller-silent = 出品者の回答なし
task-check-receipt = 返送品の確認
task-claim-from-carrier = 配送会社への賠償請求
task-payer-silent = 返金の結果待ち
task-nobody-pays = 返金の依頼先なし
task-refund-by-hand = 手作業での返金
ledger-title = 帳簿
ledger-lead = すべての受付の返金・請求・回収を複式簿記で記録しています。この画面では変更できません。誤りは反対の仕訳で訂正します。
ledger-all-accounts = すべての勘定
ledger-filter = 表示する
ledger-unknown = 該当する受付または勘定がありません。
ledger-balances = 勘定ごとの残高
ledger-incomplete = 残高は直近 10 万行の合計です。受付または勘定を指定してください。
ledger-sum = 合計
ledger-balanced = 貸借一致
ledger-not-balanced = 貸借不一致
ledger-entries = 仕訳
ledger-csv = CSV でダウンロード
ledger-debit = 借方
ledger-credit = 貸方
ledger-reverses = 訂正
ledger-none = 仕訳はまだありません。
task-review-seller = 出品者の確認
script-review-seller = 一週間に三件の乗っ取りで、この出品者の商品が購入されました。店舗には売上金の支払い保留を依頼済みです。注文・配送先・端末を確認し、支払いを再開するか責任者と決めてください。
## 報告の取り下げ、再確認、期限

report-signed-in-title = ログイン中の方
report-signed-in = 登録済みのパスキーなどで本人確認をすると、お名前やご住所を入力せずに報告できます。
report-signed-in-changed = 登録内容が変えられている、または見覚えのない操作がある
report-signed-in-begin = 本人確認をして報告する
report-signed-in-other = ログイン中のアカウント以外について報告する
report-signed-in-prove = 登録済みのパスキーや認証アプリで、すぐに本人確認ができます。
report-signed-in-button = この端末で確認する
report-order-mine = これは私の注文でした
report-order-not-mine = やはり身に覚えがない
report-appeal = この結果に同意しない
report-appeal-lead = 最初に判断した担当者とは別の責任者が、もう一度確認します。お申し出は注文ごとに一回です。
report-appeal-why = 同意しない理由
report-appeal-button = 再確認を申し出る
report-withdraw = 報告を取り下げる
report-withdraw-lead = 家族の注文だったなど、不正利用ではないとわかったときに取り下げられます。
report-withdraw-why = 差し支えなければ、理由を教えてください
report-withdraw-hint = 例：これは私の注文でした。
report-withdraw-button = 取り下げる
report-remind-answer = 追加の情報をお待ちしています。下のやりとりからお送りください。わかる範囲で構いません。
report-remind-card = まだ返金が済んでいません。カード会社への申し出は { $by } ごろまでが目安です。念のため、カード会社にもご連絡ください。
report-remind-carrier = まだ返金が済んでいません。携帯電話会社への申し出は { $by } ごろまでが目安です。念のため、携帯電話会社にもご連絡ください。
case-withdrawn = この報告は取り下げられました。
case-order-mine = ご自身の注文
case-order-appeal = 別の責任者が再確認しています
flash-withdrawn = 報告を取り下げました。
flash-appealed = 再確認のお申し出を受け付けました。
desk-did-cause_named = 原因の記録
desk-did-breach_settled = 報告義務の記録
desk-did-reminded = 期限の通知
desk-did-held = 法的な保全の開始
desk-did-hold_lifted = 法的な保全の解除
desk-reminder-triage-late = 受付の期限切れ
desk-reminder-decision-late = 決定の期限切れ
desk-reminder-answer-awaited = 回答待ち（1日）
desk-reminder-answer-still-awaited = 回答待ち（3日）
desk-reminder-parked = 回答がなく保留中
desk-reminder-preliminary-soon = 速報の期限まで2日以内
desk-reminder-preliminary-late = 速報の期限切れ
desk-reminder-final-soon = 確報の期限まで7日以内
desk-reminder-final-late = 確報の期限切れ
desk-reminder-card-window = 未返金のまま、カード会社の申し出期限が近い
desk-reminder-carrier-window = 未返金のまま、携帯電話会社の申し出期限が近い
desk-reminder-end-waits = 見守り期間が終了。原因か報告義務が未記録
desk-appeal = 再確認の申し出
desk-appeal-answered = 回答：
desk-appeal-grant = 不正利用と認める
desk-appeal-keep = 元の判定のとおりとする
desk-appeal-another = 最初の判定に関わっていない責任者が回答します。
desk-mark-mine-button = 本人の注文とする
desk-name-cause = 原因を記録
desk-reopen = 再開
desk-hold = 法的に保全する
desk-lift-hold = 保全を解除する
desk-held = 法的な保全の対象です。解除されるまで、この受付の記録と資料は削除されず、アカウントの消去もできません。
desk-files-until = 資料の保存期限
breach-preliminary = 速報
breach-final = 確報
breach-settle = 報告済み、または報告不要とするもの
breach-settle-hint = 報告した日や受付番号、または不要と判断した人と理由。
breach-settle-button = 記録する

# 連絡先をすべて失ったとき
report-back-contact = 新しい連絡先（メールアドレスか携帯電話番号）
report-back-contact-hint = これまでの連絡先が使えないときだけ入力してください。確認コードを送り、これまでの連絡先と入れ替えます。
report-back-no-contact = 確認コードを送れる形のメールアドレスか電話番号を入力してください。
report-back-contact-needed = 使える連絡先が登録されていません。新しい連絡先を入力してください。
desk-document-report = 本人確認書類を確認した報告の受付番号

# 不審なメールの報告とキャンペーン
campaign-warning = 現在、{ $store }をよそおった不審なメールが届いています（件名の例：「{ $subject }」）。リンクを開いたり、パスワードやカード番号を入力したりしないでください。
mail-report-title = このメールを知らせる
mail-report-lead = { $store }に知らせていただくと、同じメールを受け取ったほかの方への注意喚起に役立てます。残るのは差出人のドメイン、件名、リンク先のドメインなど、同じ送り手を見分けるための情報だけで、メールそのものは保存しません。
mail-report-did = すでに行ったことがあれば選んでください
mail-report-clicked = リンクや添付ファイルを開いた
mail-report-gave-password = パスワードを入力した
mail-report-gave-card = カード番号を入力した
mail-report-button = 知らせる
mail-report-thanks = お知らせいただき、ありがとうございます。確認のうえ、必要な対応をとります。
mail-report-watched = アカウントは見守りの対象になりました。いつもと違う操作があったときは、追加の確認をお願いします。
mail-check-not-reported = このメールは報告の対象になりませんでした。正規のメールか、手がかりになる内容がありません。
campaigns-title = 不審なメール
campaigns-lead = お客様から知らされた不審なメールを、送り手ごとにまとめています。メールそのものは保存していません。
campaigns-none = 報告はまだありません。
campaigns-reports = { $count }人が報告
campaigns-clicked = 開いた { $count }人
campaigns-passwords = パスワードを入力 { $count }人
campaigns-cards = カード番号を入力 { $count }人
campaigns-senders = 差出人のドメイン
campaigns-hosts = リンク先のドメイン
campaigns-first = 最初の報告
campaigns-last = 最後の報告
campaigns-export = 確認済みの手がかりを書き出す
campaign-state-new = 未確認
campaign-state-confirmed = 確認済み
campaign-state-warned = 注意喚起中
campaign-state-not_ours = 対象外
campaign-state-over = 終了
campaign-confirm = 不審なメールと確認した
campaign-warn = ページで注意を呼びかける
campaign-calm = 注意喚起をやめる
campaign-not_ours = 対象外にする
campaign-over = 終了する
