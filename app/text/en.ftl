# Words of Sekisho in English. Every key stands in ja.ftl too; a test holds them together.

## Signals: familiarity

signal-device-known = The owner's known device
signal-device-first_seen = A device this account has not used within 90 days
signal-device-refuted = A device from which this account was misused or failed a challenge
signal-network-known = The usual place
signal-network-first_seen = A place new to this account
signal-network-refuted = An address from which this account was misused or failed a challenge
signal-country-first_seen = First time from this country ({ $country })
signal-software-known = The usual browser and system
signal-software-first_seen = A browser or system new to this account
signal-account-long_away = First sign-in in { $days } days, from somewhere new

## Signals: velocity

signal-account-failing = Failed sign-ins to this account: { $count } lately
signal-source-failing = Failed sign-ins from the same source: { $count } lately
signal-source-many_accounts = Failed sign-ins to { $accounts } accounts from the same source
signal-secret-many_accounts = The same password failed at { $accounts } accounts
signal-sign_in-after_storm = A sign-in right after many failures ({ $count })
signal-source-fan_out = { $accounts } accounts tried from one source within a minute
signal-account-many_secrets = { $secrets } different passwords tried within an hour
signal-shop-stuffing_wave = Sign-ins from strange places fail all over the shop ({ $accounts } accounts within an hour)
signal-software-failing = The same software fails at many accounts ({ $accounts } within an hour)
signal-source-confirmed_bad = A takeover was confirmed from this source before

## Signals: infrastructure

signal-network-datacentre = An address of a datacentre (list { $age_days } days old)
signal-network-vpn = A VPN exit (list { $age_days } days old)
signal-network-tor = A Tor exit (list { $age_days } days old)
signal-network-reported = An address reported for attacks (list { $age_days } days old)
signal-software-automated = The user agent says that it is a program

## Signals: travel

signal-travel-too_fast = From { $previous_country } to { $country } in { $hours } hours

## Signals: change

signal-change-contact_changed = Contact changed { $hours ->
    [0] within the hour
    [one] an hour ago
   *[other] { $hours } hours ago
 }, not yet confirmed by the owner
signal-change-password_changed = Password changed { $hours ->
    [0] within the hour
    [one] an hour ago
   *[other] { $hours } hours ago
 } from an unusual place
signal-change-second_factor_removed = A second factor was removed { $hours ->
    [0] within the hour
    [one] an hour ago
   *[other] { $hours } hours ago
 }
signal-change-bank_account_changed = The payout account was changed { $hours ->
    [0] within the hour
    [one] an hour ago
   *[other] { $hours } hours ago
 }
signal-change-several_at_once = { $count } kinds of change within an hour
signal-change-reverted = Changed back after { $hours } hours
signal-change-reset_after_contact = Password reset soon after a change of contact
signal-change-before_purchase = An order soon after a change to the account's security
signal-change-removes_protection = Removes a second factor or passkey
signal-change-redirects_payout = Changes where payouts go

## Signals: purchase

signal-purchase-burst = { $count } orders within { $hours } hours; usual for this account: { $usual }
signal-purchase-usual_pace = Orders come at the account's usual pace
signal-purchase-large_spend = Far more spent within 48 hours than this account usually spends
signal-purchase-after_suspect_order = Follows an order that looked unlike the owner's
signal-purchase-owner_proved = The owner has confirmed an order of the last 48 hours
signal-purchase-unusual_hour = An hour at which this account does not order
signal-purchase-usual_hour = An hour at which this account often orders
signal-purchase-unfamiliar_goods = Goods unlike what this account has bought
signal-purchase-familiar_goods = Goods like those this account has bought
signal-purchase-unusual_quantity = Quantities unlike this account's orders
signal-purchase-usual_quantity = Quantities like those of this account's orders
signal-purchase-first_instant_goods = First gift card or digital goods of this account
signal-purchase-new_country = Ships to a country this account has not shipped to
signal-purchase-new_address = Ships to an address new to this account
signal-purchase-stored_card_new_address = A stored card pays for an address it has not paid for before
signal-purchase-card_typed_again = The number of a known card was typed again
signal-purchase-issuer_authenticated = The card's issuer has authenticated the holder
signal-purchase-issuer_refused = Card authentication (3-D Secure) failed
signal-purchase-card_from_suspect_session = The card was added { $days } days ago, in a session unlike the owner's
signal-purchase-card_testing = A small order with a new card, then a much larger one
signal-purchase-declined_payments = Several payments declined of late ({ $count })

## Signals: links

signal-links-device_shared = { $accounts } other accounts used this device lately
signal-links-card_shared = { $accounts } other accounts paid with this card lately
signal-links-phone_shared = { $accounts } other accounts gave this phone number lately
signal-links-email_shared = { $accounts } other accounts gave this mail address lately
signal-links-mule_address = { $accounts } other accounts began to ship to this address within 14 days
signal-links-device_of_takeover = This device was used in a confirmed takeover { $age_days } days ago
signal-links-address_of_takeover = This address received goods of a confirmed takeover { $age_days } days ago
signal-links-card_of_takeover = This card was used in a confirmed takeover { $age_days } days ago
signal-links-phone_of_takeover = This phone number was left in a confirmed takeover { $age_days } days ago
signal-links-email_of_takeover = This mail address was left in a confirmed takeover { $age_days } days ago

## Signals: exposure

signal-password-breached = The password is known from a breach
signal-account-perhaps_entered = Somebody else may have got into this account lately
signal-account-takeover_confirmed = A takeover of this account is confirmed and not yet resolved
signal-account-entered_and_changed = A doubtful sign-in { $hours ->
    [0] within the hour
    [one] an hour ago
   *[other] { $hours } hours ago
 }, then a change, then this order

## Verdicts, standings and patterns

verdict-allow = Let it through
verdict-challenge = Ask for a second proof
verdict-review = Take the order, do not ship
verdict-deny = Refuse

standing-quiet = Quiet
standing-attacked-held = Attacked, held
standing-taken-over = Taken over

pattern-stuffing = leaked passwords tried on many accounts
pattern-spraying = one password tried on many accounts
pattern-brute-force = many passwords tried on one account

field-password = password
field-passkey = passkey
field-totp = authenticator app
field-two-step = two-step verification
field-email = e-mail address
field-phone = phone number
field-name = name
field-address = address
field-payment-method = payment method
field-bank-account = bank account

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

## Statement check

statement-read = Statement: { $file } ({ $count } lines; { $layout }, { $encoding })
statement-orders-read = Orders: { $file } ({ $count }; { $layout }, { $encoding })
statement-guessed = { "  " }Columns were guessed. If this is right: --columns { $columns }
statement-orders-guessed = { "  " }Columns were guessed. If this is right: --order-columns { $columns }
statement-skipped = { "  " }Rows that could not be read: { $count } (the first on line { $row })
statement-as-of = As of: { $date }
statement-unmatched = Charges that are not yours: { $count }, { $sum } in all
statement-refunded = { "  " }Of these, already given back: { $count }, { $sum }
statement-doubtful = Charges to look at: { $count }, { $sum }
statement-pending = Waiting for a refund: { $count }, { $sum }
statement-matched = Charges for your orders: { $count }, { $sum }
statement-other = Other merchants, not checked: { $count }, { $sum }
statement-repeated = Lines in more than one file, counted once: { $count }
statement-orders-charged = Orders with their charge: { $count }
statement-orders-pending = Orders whose charge may still come: { $count }
statement-orders-missing = Orders without a charge: { $count }
statement-orders-not-expected = Orders for which no charge is expected: { $count }
statement-refunds-pending = Refunds on their way (up to 21 days): { $count }
statement-refunds-missing = Refunds that should have arrived: { $count }
statement-more = { "  " }… and { $count } more; --json lists all
statement-nothing = Nothing needs your attention.
statement-nothing-new = Nothing new since the last check.
statement-advice = Tell your card issuer and the shop about the charges that are not yours. Check first whether a family member ordered.
statement-yen = ¥{ $amount }
statement-money = { $amount } { $currency }

statement-line-exact = one of your orders
statement-line-several-shipments = several shipments of one order
statement-line-several-charges = one of several charges for an order
statement-line-several-orders = several orders in one charge
statement-line-foreign-amount = the amount abroad is that of the order
statement-line-converted = the order at the rate you gave
statement-line-partly-points = points or gift balance paid the rest
statement-line-refund = the refund of an order
statement-line-refund-of-order = the money of an order came back
statement-line-refund-of-unmatched = a charge that was not yours came back
statement-line-refund-pending = the order was cancelled; the refund is on its way
statement-line-no-order = no order matches
statement-line-order-not-mine = an order you marked as not yours
statement-line-ambiguous = could be your order or the one that is not yours
statement-line-several-ways = more than one combination fits
statement-line-smaller-than-order = a little less than an order; perhaps points or gift balance
statement-line-outside-window = fits an order of another day
statement-line-refund-overdue = the order was cancelled and the refund is overdue
statement-line-refund-unexplained = money came back for nothing known
statement-line-too-many-combinations = too much to compare

statement-order-charged = charged
statement-order-charged-perhaps = a doubtful line may be its charge
statement-order-not-yet-visible = not visible on the statement yet
statement-order-not-shipped = not shipped yet
statement-order-no-line = no charge on the statement
statement-order-partly-charged = only a part was charged
statement-order-cancelled = cancelled
statement-order-paid-otherwise = paid with points, gift balance or cash
statement-order-before-statement = before the statement begins
problem-foreign-form = The form did not come from a page of this site

## Notices: what the owner is told, in the message centre and by letter

notice-password-changed = Your password was changed
notice-mail-changed = Your email address was changed
notice-phone-changed = Your phone number was changed
notice-contact-waits = A change of your contact details was requested; it takes effect in 24 hours
notice-passkey-added = A passkey was added
notice-passkey-removed = A passkey was removed
notice-passkey-cloned = A passkey of yours may have been copied
notice-authenticator-added = An authenticator app was added
notice-authenticator-removed = An authenticator app was removed
notice-recovery-codes-replaced = Your recovery codes were replaced
notice-two-step-enabled = Two-step verification was turned on
notice-two-step-disabled = Two-step verification was turned off
notice-restored = Changes were undone and your earlier settings are back
notice-device-forgotten = A device we knew was forgotten
notice-new-sign-in = There was a sign-in from somewhere new
notice-second-step-failed = Your password was entered correctly, but the second step was not completed
notice-restricted = Some actions are restricted to keep your account safe
notice-locked = Your account is locked
notice-released = The restriction has been lifted
notice-recovery-begun = Recovery of your account has begun
notice-order-held = Your order is on hold while we check it

letter-notice-subject = [{ $store }] { $what }
letter-notice-mail = A message from { $store }.

    { $what }

    When: { $time }
    Where: { $place }
    Device: { $device }

    If this was you, there is nothing to do.
    { $advice }

    This mail has no link to a sign-in page.
letter-notice-advice-code = If it was not you, open the page “This was not me” at { $store } and enter this code. It protects your account at once.
    Code: { $code }
letter-notice-advice = If it was not you, tell us on the page “This was not me” at { $store }.
letter-notice-sms-code = [{ $store }] { $what }. Not you? Enter code { $code } on the page “This was not me”.
letter-notice-sms = [{ $store }] { $what }. Not you? Tell us on the page “This was not me”.
letter-notice-voice = This is an important message from { $store }. { $what }. If this was not you, choose, this was not me, on the official page of { $store }.
letter-unknown = unknown

## Pages: frame

page-skip = Skip to content
page-nav = Menu
page-other-language = 日本語
page-home = Back to the first page
page-official-senders = How to recognise our mail
flash-signed-out = You have signed out.

## Pages: problems

refusal-not-found = We cannot find that page
refusal-not-found-advice = The address may have changed, or may have been mistyped.
refusal-foreign-form = That could not be sent
refusal-foreign-form-advice = The page may have been open for long, or the form came from elsewhere. Please open the page again and try once more.
refusal-too-large = That is too large
refusal-too-large-advice = Please make it smaller and try again.
refusal-not-understood = We could not read what was sent
refusal-not-understood-advice = Please open the page again and try once more.
refusal-too-slow = It did not arrive in time
refusal-too-slow-advice = Please check your connection and try again.
refusal-conflict = Something else was done at the same time
refusal-conflict-advice = Please open the page again and see how it stands now.
refusal-too-many = Please wait a moment
refusal-too-many-advice = There were many actions in a short time. Please wait a little and try again.
refusal-unavailable = We are busy right now
refusal-unavailable-advice = Please wait a little and try again. What you entered was not saved.
refusal-broken = Something went wrong
refusal-broken-advice = The fault is ours. Please wait a little and try again.

## Pages: front, official senders

front-title = The safety of your account
front-lead = Here you keep your account at { $store } safe.
front-official-senders = Which addresses our mail comes from, and what we never ask for.
senders-title = How to recognise mail from { $store }
senders-lead = Mail from { $store } comes from these addresses alone (the part after the @).
senders-exact = An address with similar letters, or with words added, is not ours. A sender can be faked: even if the address fits, be wary of mail that asks for any of the following.
senders-none = The domains that { $store } uses for mail have not been registered here yet.
senders-never-title = What we never ask for by mail or text message
senders-never-link = To sign in through a link
senders-never-ask = To send your password or card number in a reply
senders-never-code = To tell anybody a verification code by phone or mail
senders-doubt-title = When in doubt
senders-doubt = Do not open links in the mail. Open our store from a bookmark or the official app, and see whether the same message is there.

## Pages: sign-in

page-not-me = This was not me
page-sign-out = Sign out
front-security = See and change your password, two-step verification and the devices that are signed in.
front-not-me = Enter the code from our message, and your account is safe at once.
refusal-held = This is held back to keep your account safe
refusal-held-advice = Sign in from a device you usually use, or confirm it with your authenticator app, and try again. If you are stuck, tell us.
problem-held = The account's state holds this back
sign-in-title = Sign in
sign-in-login = Email address or phone number
sign-in-password = Password
sign-in-button = Sign in
sign-in-register = Create an account
sign-in-wrong = The email address (phone number) or the password is not right.
sign-in-nothing-to-prove-with = There is no way to confirm that it is you on this device. Please sign in from a device you usually use.
sign-in-over = The time ran out or there were too many tries. Please sign in again.
sign-in-passkey = Sign in with a passkey
sign-in-passkey-failed = We could not confirm your passkey. Try again, or sign in with your password.
passkey-stopped = The passkey was not confirmed. Please try again.
register-title = Create an account
register-mail = Email address
register-password = Password
register-button = Send the code
register-sign-in = I have an account already
register-bad-mail = That is not an email address.
password-hint = { $count } characters or more. Any kind of character; a phrase you can remember is best.
password-too-short = Please use { $count } characters or more.
password-too-long = Please use 256 characters or fewer.
password-context-word = Words close to the store's name or your address cannot be used.
password-breached = This password is in a list of leaked ones. Please choose another.

reset-title = Forgotten password
reset-lead = Enter the email address or phone number of your account. We will send you a code.
reset-bad-login = Please enter an email address or a phone number.
reset-no-code = If no code arrives, check the address or number that you entered, and your spam folder.
reset-back = Back to sign-in
reset-new-title = New password
reset-ends-sessions = All devices are signed out. Sign in with the new password afterwards.
letter-reset-held-subject = Resetting your password at { $store }
letter-reset-held-mail = Somebody asked to reset the password. We cannot send a code: the account is locked to keep it safe, or this address was added only lately.

    If it was you, please contact { $store }.
    If it was not, you need not do anything.

## Pages: one more proof

prove-title = Confirm that it is you
prove-button = Confirm
prove-again = Send the code again
prove-others = Confirm another way
prove-trust = Do not ask on this device for 30 days
prove-warning = We never ask you for this code by phone or mail.
prove-wrong = That code is not right. Tries left: { $count }.
prove-not-now = That cannot be done right now. Please wait a little, or confirm another way.
prove-not-sent = The code could not be sent. Please confirm another way.
prove-passkey-failed = We could not confirm your passkey. Try again, or confirm another way.
prove-passkey-missing = Passkeys cannot be used in this browser. Please confirm another way.
prove-lead-passkey = Confirm with your passkey. Your device asks for your fingerprint, face or screen lock.
prove-lead-totp = Enter the 6 digits that your authenticator app shows.
prove-lead-sms = Enter the 6 digits we sent by text message to { $to }. Text messages can be intercepted; consider an authenticator app.
prove-lead-voice = Enter the 6 digits we told you in the call to { $to }.
prove-lead-mail = Enter the 6 digits we sent to { $to }.
prove-lead-recovery-code = Enter one of the recovery codes you have kept. Each works once.
prove-label-totp = 6-digit code
prove-label-sms = 6-digit code
prove-label-voice = 6-digit code
prove-label-mail = 6-digit code
prove-label-recovery-code = Recovery code
prove-label-passkey = Confirm with a passkey
prove-use-passkey = Use a passkey
prove-use-totp = Use the authenticator app
prove-use-sms = Get a text message
prove-use-voice = Get a call
prove-use-mail = Get a mail
prove-use-recovery-code = Use a recovery code
hosting-lead = { $store } asks you to confirm that it is you who does this:
hosting-warning = If you did not start this, do not confirm it, and close this page.
hosting-button = This is right, go on
hosting-over = This confirmation is over or too old. Please start again at the store.

letter-code-subject = [{ $store }] Your verification code
letter-code-mail = Your verification code for { $store }:

    { $code }

    Enter it within 10 minutes on the page you are using.
    Tell it to nobody. We never ask for it.
    If you did not ask for a code, you can ignore this mail.
letter-code-sms = [{ $store }] Code: { $code } (10 minutes). Tell it to nobody.
letter-code-voice = Your code for { $store }: { $code }.
letter-taken-subject = [{ $store }] About your registration
letter-taken-mail = This email address already has an account at { $store }.

    There is no need to register again. Please sign in as usual.
    If this was not you, there is nothing to do.

## Pages: a report

front-report = For orders or charges that are not yours, or when you cannot sign in. No sign-in needed.
sign-in-locked-out = I cannot sign in, or there are orders that are not mine
report-title = Report misuse
report-now-title = First, we protect the account
report-now = When you begin, we send a code to the email addresses and phone numbers from before. With it the account can be locked at once.
report-now-code = I have a code
report-path = Services → Security and features
report-login = Email address or phone number you signed in with
report-login-hint = If it was changed, enter the one from before.
report-topic = What it is about
report-topic-taken-over = My account was taken over
report-topic-charges = Orders or charges that are not mine
report-topic-mail = A suspicious email or text message
report-topic-other = Something else
report-taken-over = Can you sign in now?
report-taken-yes = No, or my details were changed
report-taken-no = Yes
report-by = Whose account is it?
report-by-owner = Mine
report-by-helper = Somebody else's, and I report for them
report-by-cardholder = My card was used in somebody else's account
report-begin = Begin the report
report-again = See how a report stands
report-details-title = Tell us what you know
report-details-lead = As much as you know is enough. What you enter is saved as you go.
report-keep = Please write these down. With them you can go on later and see the result.
report-number = Case number
report-secret = Passphrase
report-what = What happened?
report-what-hint = For example: nine orders I do not know, from the night of 3 June.
report-orders = Numbers of orders that are not yours
report-orders-hint = One a line. Leave it empty if you do not know.
report-statement = Statement lines
report-statement-hint = Paste date, shop and amount as they are. Of card numbers we keep the last four digits.
report-name = Name
report-address = Address, with postcode
report-card = Last four digits of the card
report-password = Former password
report-password-hint = Used once to find out when it was changed, and not kept. We never ask for it by phone or email.
report-password-given = It has been compared. Enter another one only to try again.
report-contact = A phone number or email address that reaches you now
report-contact-hint = We use it to reach you, not to confirm who you are.
report-told-issuer = I have told the card company
report-next = Save and go on
report-check-title = Check your report
report-slot-what = What the order history or statement shows
report-slot-orders = Orders that are not yours
report-slot-login = Former sign-in details
report-slot-name = Name and address
report-slot-filled = Entered
report-slot-empty = Not entered
report-missing-title = What would help
report-missing-what = What happened, or the statement: it tells us which orders to look at.
report-missing-orders = Order numbers: so that we stop the right parcels.
report-missing-login = The former email address or phone number: we find the account by it.
report-missing-name = Name and address: we compare them with what was there before.
report-missing-contact = A contact of today: those in the account may have been changed.
report-missing-later = You can send it as it is and add more later.
report-send = Send the report
report-back = Go back
report-status-title = How your report stands
report-enter = Show
report-enter-wrong = The case number or the passphrase is not right.
report-due = You will hear from us by { $at }
report-go-on = Go on with the report
report-back-lead = You have been verified. Choose a new password and the account is yours again. For a while we will ask for one more proof when you sign in.
report-back-now = Your account is ready for you.
report-back-at = To be safe we wait a little: you can choose a new password from { $at }.
evidence-title = Pictures and files
evidence-count = Added: { $count }
evidence-label = Screenshots of the order history or statement
evidence-hint = PNG, JPEG, PDF, CSV, mail (.eml), text. Up to 8 MB each and 20 files. We take out places and the like, and keep the last four digits of card numbers alone.
evidence-button = Add
evidence-added = The file was added.
evidence-empty = No file was chosen, or it is empty.
evidence-too-large = The file is too large. Please keep it within 8 MB.
evidence-too-many = No more files can be added.
evidence-kind = We cannot take this kind of file. Please send PNG, JPEG, PDF, CSV or text.
evidence-broken = The file could not be read. Please take the picture again, or try another format.
evidence-pixels = The picture is too large. Please keep each side within 10,000 pixels.
evidence-active = It carries a program or another file, so we cannot take it. Please send a picture of the screen.
report-helper = Who reports for somebody else is shown how it stands, and nothing more.
report-orders-title = Order by order
report-prove-title = Confirm that it is you
report-prove-lead = The more is confirmed, the sooner we can lock the account and refund you.
report-level-none = Nothing is confirmed yet.
report-level-one = Confirmed in one way. With one more we can give the account back and refund you.
report-level-two = Confirmed in two ways.
report-prove-contact = An email address or phone number you had in the account before
report-prove-hint = A code is sent only if the account had it.
report-talk-title = Messages
report-from-desk = From us
report-from-you = You
report-say = Something to add
report-say-button = Send
report-warning = We never ask for a password or a verification code by phone or email.
case-draft = Not sent yet.
case-submitted = Received. We are looking at reports in order of urgency.
case-triage = Somebody is looking at it.
case-unidentified = We could not find the account. Please add the former email address or an order number.
case-need-info = We need to know more. Please see the messages below.
case-verifying = We are confirming that it is you.
case-contained = The account is locked and the intruder is out. We are checking each order.
case-decided = It is decided.
case-restitution = Misuse is confirmed. Refunds and returns are under way.
case-monitoring = Refunds are done. We will watch the account for a while.
case-closed = The case is closed.
case-appeal = It is being looked at again, by somebody else.
case-merged = It is being looked at together with another report about the same account.
report-money-title = Refunds
report-money-waits = being prepared
report-money-asked = on its way
report-money-paid = refunded
report-money-issuer = refunded by your card issuer
case-order-open = Being checked
case-order-refund = Will be refunded
case-order-issuer = Refunded by the card company
case-order-no = Could not be confirmed as misuse
flash-report-sent = We have received your report.
flash-not-proven = That could not be confirmed. Please wait a little and try again.

## Pages: the desk

desk-title = Cases
desk-case = Case { $number }
desk-empty = There are no open cases.
desk-nav = The desk
desk-next-page = Next page
desk-first-page = Back to the first page
desk-back = Back to the cases
desk-priority = Priority
desk-state = State
desk-level = Verified
desk-agent = Agent
desk-due = Due
desk-overdue = overdue
desk-taken-over = taken over
desk-take = Take it
desk-take-first = Take the case to see it. That you took it stays in its history.
desk-report = Report
desk-unmask = Look at a masked field
desk-unmask-button = Give the reason and look
desk-reason = Reason
desk-claims = Claims against what was there before
desk-claims-lead = A match proves nobody. It tells when something was changed.
desk-claim = Claim
desk-result = Result
desk-until = True until
desk-claim-login = Sign-in
desk-claim-former-password = Former password
desk-claim-name = Name
desk-claim-address = Postcode
desk-claim-birth-date = Date of birth
desk-claim-card-last4 = Card, last four
desk-claim-orders = Order number
desk-result-match = Match
desk-result-no_match = No match
desk-result-not_available = Not available
desk-profile = The profile then and now
desk-then = Before it began
desk-now = Now
desk-changed = changed
desk-profile-mails = Mail addresses
desk-profile-phones = Phone numbers
desk-profile-authenticators = Authenticator apps
desk-profile-passkeys = Passkeys
desk-profile-recovery_codes = Recovery codes left
desk-profile-two_step = Two-step verification
desk-profile-postcode = Postcode of deliveries
desk-window = Takeover window
desk-window-start = Began { $at }
desk-why-first_sign_in = first sign-in of the same hands
desk-why-first_act = first act of the same hands
desk-why-as_told = as it was told
desk-at = When
desk-what = What
desk-who = Who
desk-score = Unlike the owner
desk-orders = Orders
desk-no-order = The account has no such order
desk-in-window = in the window
desk-mark-mine = the owner's
desk-mark-not_mine = not the owner's
desk-mark-button = Mark as not the owner's
desk-rule = Rule
desk-approve = Approve as second person
desk-by-table = By the table of rulings
desk-wants-second = waits for a second person
desk-ruling-refund = Refund
desk-ruling-settled_by_issuer = Refunded by the issuer
desk-ruling-review = To be reviewed
desk-ruling-not_confirmed = Not confirmed
desk-contained = What containing did
desk-done = done
desk-failed-not_a_member = the store keeps its sign-in
desk-failed-no_endpoint = no endpoint to tell
desk-item-account_locked = Account locked
desk-item-sessions_ended = Sessions ended
desk-item-password_off = Password off
desk-item-changes_reversed = Changes reversed
desk-item-devices_forgotten = Devices forgotten
desk-item-pending_changes_stopped = Waiting changes stopped
desk-item-owners_told = Contacts from before told
desk-item-store_told_to_end_sessions = Store told: end sessions
desk-item-store_told_to_hold_cards_and_payouts = Store told: hold cards and payouts
desk-item-orders_held = Orders held
desk-item-gift_codes_revoked = Gift codes revoked
desk-next = Next
desk-begin-at = When it began
desk-begin = Set when it began
desk-locate-id = The store's id of the account
desk-locate = This is the account
desk-cause = Cause
desk-cause-phishing = Phishing
desk-cause-reused_password = Reused password
desk-cause-malware = Malware
desk-cause-sim_swap = SIM swap
desk-cause-help_desk = Help desk deceived
desk-cause-insider = Insider
desk-cause-unknown = Unknown
desk-contain = Contain
desk-recover = Give the account back
desk-decide = Decide
desk-say = Send to the reporter
desk-ask = Ask for more
desk-document = I have seen a document
desk-note = Note
desk-made-whole = Made whole
desk-close = Close
desk-reporter = Reporter
desk-steps = History
desk-by-reporter = Reporter
desk-by-system = System
desk-state-draft = Draft
desk-state-submitted = Submitted
desk-state-triage = Triage
desk-state-unidentified = Unidentified
desk-state-need_info = Needs information
desk-state-verifying = Verifying
desk-state-contained = Contained
desk-state-decided = Decided
desk-state-restitution = Restitution
desk-state-monitoring = Monitoring
desk-state-closed = Closed
desk-state-appeal = Appeal
desk-state-merged = Merged
desk-did-opened = Opened
desk-did-submitted = Submitted
desk-did-taken = Taken
desk-did-located = Located
desk-did-asked_for_more = Asked for more
desk-did-supplied = Supplied
desk-did-proved = Proved
desk-did-contained = Contained
desk-did-recovered = Given back
desk-did-marked = Order marked
desk-did-ruled = Ruled
desk-did-approved = Approved
desk-did-decided = Decided
desk-did-made_whole = Made whole
desk-did-closed = Closed
desk-did-withdrawn = Withdrawn
desk-did-appealed = Appealed
desk-did-reopened = Reopened
desk-did-merged = Merged
desk-did-noted = Noted
desk-did-unmasked = Unmasked
desk-did-packed = Evidence pack made

## Pages: security

security-title = Sign-in and security
security-sign-in = Signing in
security-password = Password
security-contacts = Email addresses and phone numbers
security-change = Change
security-add = Add
security-remove = Remove
security-on = On
security-off = Off
security-two-step = Two-step verification
security-two-step-lead = Even if your password is known, nobody but you can sign in.
security-apps = Authenticator apps
security-passkeys = Passkeys
passkeys-lead = Sign in with your fingerprint, face or screen lock alone. A passkey does not work on a fake site, which makes it safer than a password.
passkeys-none = There is none yet.
passkeys-missing = Passkeys cannot be added in this browser. Please try one that supports them.
passkey-add-title = A new passkey
passkey-add = Add a passkey
passkey-not-added = The passkey could not be added. Please try again.
passkey-name = Name
passkey-name-hint = For example: work phone. Left empty, it is named after your browser.
passkey-rename = Rename
passkey-since = Added: { $at }
passkey-used = Last used: { $at }
passkey-never-used = Not used yet
passkey-device-bound = Kept on one device only
passkey-eligible = Can be synced to other devices (it is not now)
passkey-backed-up = Synced to other devices
security-codes = Recovery codes
security-codes-left = { $count } left
security-codes-new = Create new recovery codes
security-turn-on = Turn on two-step verification
security-turn-off = Turn off two-step verification
security-activity = Recent activity
security-new = New
security-nothing = Nothing yet.
security-sessions = Devices signed in
security-this = This device
security-end = Sign it out
security-end-others = Sign out all other devices
security-stores = Stores you are signed in at
security-store-since = Signed in: { $at }
security-devices = Devices we know
security-devices-lead = Once forgotten, a device is checked like a new one when you sign in. It is also signed out.
security-devices-none = We know no devices of yours.
security-device-seen = Last used: { $at }
security-device-trusted = No second step until { $at }
security-device-forget = Forget this device
security-after-purchase = Sign out after each purchase
security-save = Save
security-back = Back to sign-in and security
cards-title = Stored cards
cards-many = { $count } cards are stored. It is safer to delete those you do not use.
cards-none = No card is stored.
cards-unknown = { $store } has not told us of any stored card.
cards-page = Delete a card on { $store }’s own page
cards-where = You can delete a card among your payment methods at { $store }.
card-credit = Credit card
card-debit = Debit card
card-plain = Card
card-number = ending in { $last4 }
card-added = Stored: { $at }
card-used = Last used: { $at }
card-never-used = Never used as far as we know
card-unused = Not used for 180 days
check-title = Four-point check-up
check-two-step = Use two-step verification
check-cards = Do not store cards without need
check-sign-out = Sign out after shopping
check-mail = Do not open suspicious mail
check-well = Done
check-said-cards = Mark as checked
check-said-mail = Mark as checked
check-open = Worth a look
standing-restricted-page = Something unusual happened, so some actions are restricted. Confirming with your authenticator app or by text message, on a device you usually use, lifts this.
security-lift = Confirm and lift it
standing-watch-page = To be safe, we ask you to confirm before important actions.
standing-probation-page = For a while after the recovery we ask you to confirm at each sign-in.
reply-mine = You said: this was me
reply-not-mine = You said: this was not me
reply-mine-button = This was me
reply-not-mine-button = This was not me
prove-again-title = Please confirm again
prove-again-lead = Enter your password before you change security settings.
prove-again-wrong = The password is not right.
password-title = Change your password
password-new = New password
password-ends-sessions = All other devices are signed out when you change it.
contacts-title = Email addresses and phone numbers
contacts-add = Add or change
contacts-label = New contact
contacts-hint = An email address
contacts-hint-phone = An email address or a mobile number
contacts-replaces = Contact that it replaces
contacts-replaces-none = Add it, replace nothing
contacts-wait = If you confirmed with your password alone, the change takes 24 hours. We also tell your present contacts, and it can be undone for 7 days.
contacts-send = Send the code
contact-unreadable = That is neither an email address nor a phone number.
two-step-title = Add an authenticator app
two-step-step-app = Add the app
two-step-step-codes = Keep recovery codes
two-step-step-on = Turn it on
two-step-lead = Scan this picture with your authenticator app, and enter the 6 digits it shows.
two-step-picture = QR code for the authenticator app
two-step-type = If you cannot scan it, type this instead:
two-step-name = Name of the app or device (optional)
two-step-next = Add
two-step-wrong = That code is not right. Please also check the clock of your device.
codes-title = Recovery codes
codes-lead = These codes let you in when you have lost your device. They are shown only now. Print them or write them down, and keep them somewhere safe.
codes-kept = I have kept them
not-me-lead = Enter the code from our mail or text message. We undo the changes or lock your account, and sign out every device.
not-me-code = Code
not-me-hint = For example ABCD-EFGH-JKMN-PQRS
not-me-button = Protect my account
not-me-wrong = The code is not right, or it has expired.
not-me-restored = All changes are undone, and every device is signed out.
not-me-locked = Your account is locked, and every device is signed out.
not-me-set-password = Choose a new password
not-me-next = We have sent the details to the contacts you had before.
mailbox-title = Development mailbox
mailbox-lead = Mails, text messages and calls that would have been sent. Shown in development alone.
mailbox-empty = Nothing has been sent yet.

flash-proven = Confirmed.
flash-saved = Saved.
flash-password-changed = Your password has been changed.
flash-contact-added = We have taken your contact.
flash-contact-removed = The contact has been removed.
flash-contact-taken = That contact cannot be used.
flash-authenticator-added = The authenticator app has been added. Next, create recovery codes.
flash-authenticator-removed = The authenticator app has been removed.
flash-passkey-added = The passkey has been added.
flash-passkey-removed = The passkey has been removed. If it is still on your device, delete it in the device’s settings.
flash-two-step-on = Two-step verification is on.
flash-two-step-off = Two-step verification is off.
flash-sessions-ended = Signed out.
flash-device-forgotten = The device is forgotten and signed out.
flash-thanks = Thank you for telling us.
flash-not-mine = All other devices have been signed out. To be safe, please change your password.
flash-needs-factor = Please add an authenticator app first.
flash-needs-backup = Please create recovery codes first.
flash-two-step-hangs-on-it = Two-step verification needs it. Add another way first, or turn it off.
flash-two-step-required = Two-step verification is required for this account.
flash-last-contact = The last contact cannot be removed.
flash-too-many = No more can be added.
flash-released = The restriction is lifted.
flash-nothing-changed = Nothing was changed.

## Pages: on the way back to a store

onward-title = Back to the store
onward-link = If nothing happens, go on here

## Mails: is it genuine?

mail-verdict-genuine = genuine (the sender's domain and its authentication are right)
mail-verdict-suspicious = suspicious
mail-verdict-forged = forged
mail-verdict-unclear = cannot tell
mail-likely-genuine = likely genuine (the sender is authenticated, but some links lead elsewhere)
mail-not-authenticated = Not checked: authentication of the sender (SPF, DKIM, DMARC).
mail-advice-bad = Do not open links or attachments; look in the official app or through your own bookmark.
mail-total = { $mails } mails checked, { $findings } with something against them.
mail-auth-aligned = the sender's domain is authenticated
mail-auth-dmarc-failed = your mail server says that DMARC failed
mail-auth-signed-by-own = signed by the sender's own domain (not verified)
mail-auth-brand-unsigned = claims a brand's own domain, without a signature, and its links lead elsewhere
mail-auth-a-receiver-refused = DMARC failed on the way
mail-who-brand-foreign-domain = bears a brand's name, but not its domain
mail-who-looks-like-brand = written to look like a brand
mail-who-brand-in-subject = the subject's brand is not the sender
mail-who-brand-in-text = the text's brand is not the sender
mail-who-unreadable-sender = the sender is not written correctly
mail-who-no-sender = there is no sender
mail-who-disguised-letters = hidden letters, or letters of another alphabet
mail-who-reply-elsewhere = replies go to another organisation
mail-who-speaks-for-a-service = calls itself a service or support team
mail-leads-not-to-brand = no link leads to the brand it names
mail-leads-text-names-another = a link leads elsewhere than its text says
mail-leads-shortened = a link is shortened
mail-leads-free-hosting = a link leads to hosting that anybody can use
mail-leads-bare-address = a link leads to a bare IP address
mail-leads-hidden-host = a link hides where it leads
mail-leads-through-another = a link leads through another site
mail-leads-odd-ending = a link leads to a kind of domain that such mails like
mail-leads-all-elsewhere = every link leads out of the sender's organisation
mail-leads-form = a form or a program within the mail
mail-leads-attachment = an attachment of a dangerous kind
mail-wants-account = speaks of a locked or unconfirmed account
mail-wants-payment = speaks of a payment, invoice or refund
mail-wants-parcel = speaks of a parcel
mail-wants-prize = promises something
mail-wants-haste = wants haste
mail-wants-nobody-named = greets nobody by name
mail-wants-a-press = wants a button or link pressed
mail-wants-by-picture = hardly any text, pictures instead
mail-how-hidden-text = much text that is not shown
mail-how-html-alone = HTML from a sender nobody knows
mail-how-conversation = part of a conversation
mail-how-list = came through a mailing list
mail-how-can-be-left = says how to unsubscribe
mail-how-plain-text = plain text
mail-how-own-domain = from the own domain of the brand it names
mail-how-no-message-id = no Message-ID or date
mail-how-nothing-to-read = nothing to read

## Making whole: how money goes back, and what persons are asked to do
refund-path-card-statement = The amount appears as a credit on your card statement. This can take up to three weeks.
refund-path-bank-account = The amount goes back to the bank account behind your debit card. This can take up to ten days.
refund-path-later-bill = The amount is taken off your pay-later bill. If the bill has already been fixed, it comes off the next one.
refund-path-phone-bill = The amount is taken off your phone bill, this month's or the next one's.
refund-path-balance = The amount goes back to your balance, and is there at once.
refund-path-by-hand = We will contact you to agree on how to return the amount.
script-cancel-not-done = The order has not been cancelled. Look whether the parcel has left, then cancel it or record where it is.
script-code-not-revoked = The code has not been revoked. Revoke it with its issuer, then record whether it had been redeemed.
script-call-carrier = Call the carrier: “We are the shipper of this parcel. Please stop it and return it to us, its sender.” Have the shipper account at hand. Ask for nothing but the return to the sender, and record the answer.
script-call-seller = Call the seller: “Please stop this parcel at your carrier and have it returned to you.” Say nothing about the customer, and record the answer.
script-chase-carrier = The carrier agreed, but no scan shows the parcel stopped. Call and ask where it is.
script-trace-parcel = The parcel has been on its way back for two weeks. Have the carrier trace it.
script-seller-silent = The seller has not answered for seven days. The refund does not wait for it. Ask once more, or let a supervisor write the claim off.
script-check-receipt = Look whether the goods are there, then record it with the amount the seller bears, if any.
script-claim-from-carrier = Claim the lost parcel from the carrier, then record what it paid.
script-payer-silent = The payment side has not answered for three days. Look there for this refund before anything else is done.
script-nobody-pays = No webhook receives refund.requested, so nobody has been told to pay this. Register one or pay it yourself, then record the result.
script-refund-by-hand = This refund cannot go back to the original method by itself. It is still owed. Agree with a supervisor on another way; the customer has to have proven who they are at the highest level.
## Pages: mail check

front-mail-check = See whether a mail you received is genuine. No sign-in needed.
mail-check-title = Check a mail
mail-check-lead = Paste a mail you are unsure about, or choose its file. We tell you whether it is genuine, and why.
mail-check-nothing = Please paste a mail or choose a file.
mail-check-source = Source of the mail, or its text
mail-check-source-hint = With the source (all of it, headers included) we can tell more surely.
mail-check-sender-field = Sender (where you paste the text alone)
mail-check-sender-hint = Name and mail address, just as they are shown.
mail-check-file = Or the mail as a saved file (.eml)
mail-check-gmail = I received it at Gmail, and copied or saved the source there
mail-check-button = Check
mail-check-not-kept = We keep nothing of what you paste or upload, and open none of its links.
mail-check-why = Why
mail-check-what-it-says = What the mail says
mail-check-sender = Sender
mail-check-subject = Subject
mail-check-links = Where its links lead
mail-check-links-inert = For your safety they are shown as text that cannot be opened.
mail-check-links-more = There are { $count } more links.
mail-check-words-alone = Without the source we could judge by the text and the sender shown alone.
mail-check-now = What you can do now
mail-check-now-opened = If you only opened the mail, delete it.
mail-check-now-password = If you entered your password, change it right away.
mail-check-now-card = If you entered a card number, call the number on the back of the card and ask to have it stopped.
mail-check-now-odd = If there are orders or changes you do not recognise, tell us.
mail-check-now-unsure = Do not use the links of the mail. Open { $store } from a bookmark or the official app, and see whether the same message is there.
mail-check-forward = Pass the mail on
mail-check-forward-how = Forwarding the mail as an attachment to these addresses helps to protect others.
mail-check-council = Council of Anti-Phishing Japan
mail-check-sent-ours = Our records show that { $store } sent this mail, with this content.
mail-check-sent-to-another = Our records show that { $store } sent this mail to somebody else. It was not meant for you.
mail-check-sent-other-content = This uses the number of a mail that { $store } sent, but its content is different.
mail-check-sent-content-unknown = Our records show that { $store } sent such a mail, but we cannot tell whether the content is the same.
mail-check-sent-not-found = It is not among the mails that { $store } has sent.
mail-check-account-open = Your account at { $store } is not locked.
mail-check-account-held = Some actions of your account at { $store } are held back for your safety.
mail-check-another = Check another mail
mail-check-how = How to get the source
mail-check-how-gmail = On a computer, open the mail, choose “Show original” from the “⋮” menu at the top right, and copy all of it.
mail-check-how-outlook = On a computer, open the mail, download (save) it from the “…” menu, and choose that file.
mail-check-how-phone-name = Phone
mail-check-how-phone = Tap the sender’s name to see the address. Copy the sender and the text, and paste both here.

## Pages: statement check

front-statement-check = Hold your card statement against your orders, and find charges you do not recognise.
statement-check-title = Check a card statement
statement-check-lead = We hold your card statement against your own orders, and tell you which charges no order explains and how much they come to.
statement-check-statement = Card statement
statement-check-statement-hint = CSV, OFX or QIF files from your card issuer’s site (2 MB together)
statement-check-orders = List of orders
statement-check-orders-hint = Amazon’s order history, or a CSV file with order number, date and amount
statement-check-own = Your orders at { $store }
statement-check-own-use = Compare with the orders of this account
statement-check-own-hint = If any of these is not your own order, tick it.
statement-check-own-none = This account has no orders yet.
statement-check-merchant-field = Name of the shop (optional)
statement-check-merchant-hint = As the statement writes it. Charges of that shop alone are checked.
statement-check-columns = Which column is which (optional)
statement-check-columns-hint = Only where the statement was not read well. For example: date=1,merchant=2,amount=3
statement-check-button = Compare
statement-check-not-kept = Files are used for the comparison alone and are not kept.
statement-check-sign-in = If you sign in, we can compare with your orders at { $store }.
statement-check-not-mine = This was not my purchase
statement-check-look = There is something you may want to look at.
statement-check-nobody = No charge of this shop is on the statement. Please enter its name as the statement writes it under “Name of the shop”.
statement-check-day = Date
statement-check-merchant = Merchant
statement-check-amount = Amount
statement-check-why = Why
statement-check-refunded = refunded
statement-check-more = There are { $count } more.
statement-check-files = Files read
statement-check-file-count = { $count } entries
statement-check-file-skipped = ({ $count } rows could not be read)
statement-check-guessed = We took the columns to be: { $columns }
statement-check-again = Compare again
statement-check-no-statement = Please choose the file of a card statement.
statement-check-no-orders = Please choose the file of a list of orders.
statement-check-bad-columns = The columns could not be read. Please write them as in date=1,merchant=2,amount=3.
statement-check-empty = There is nothing in the file.
statement-check-too-large = The file is too large, or has too many rows.
statement-check-not-text = This file cannot be read. Please save it as CSV, OFX or QIF.
statement-check-unknown-columns = We could not tell which column is which. Please say so under “Which column is which”.
statement-check-columns-seen = Columns found: { $columns }
statement-check-dates = We could not tell the order of the dates. Please add dates=mdy (month, day, year) or dates=dmy (day, month, year) under “Which column is which”.
statement-check-broken = The file is damaged, or is neither a statement nor a list of orders.

## Pages: the desk, money and parcels

whole-title = Case { $number }: money and parcels
whole-link = See money and parcels
whole-none = There are no plans yet. Once the rulings are final, the store's system sends what each order was made of.
whole-total = Refunds in all { $amount }
whole-victims-share = the customer bears nothing
whole-over = done
whole-approved-by = approved by { $names }
whole-approve = Approve the refunds
whole-approve-all = Approve all refunds
whole-task-done = Mark as done
whole-parcels = Parcels and gift codes
whole-turn = whose turn: { $who }
whole-receivable = claimed from the intruder { $amount }
whole-record = Record what happened
whole-what = What happened
whole-amount = Amount (where there is one)
whole-record-button = Record
whole-refunds = Refunds
whole-line = Line
whole-sum = Amount
whole-path = By which way
whole-books = Books
whole-books-lead = Debits are above 0, credits below. All of them together come to 0.
whole-account = Account
whole-record-cancelled = It was cancelled before it left
whole-record-carrier_answered-accepted = The carrier will stop it
whole-record-carrier_answered-rejected = The carrier will not
whole-record-carrier_answered-stopped = It was stopped
whole-record-carrier_answered-returning = It is on its way back
whole-record-carrier_answered-returned = It is back at its sender
whole-record-carrier_answered-delivered = It had been delivered
whole-record-seller_answered-agreed = The seller takes it back (what they bear)
whole-record-seller_answered-refused = The seller will not
whole-record-seller_answered-received = The seller has the goods
whole-record-received = The goods are back (what the seller bears, if anything)
whole-record-code_answered-revoked = The code was revoked
whole-record-code_answered-redeemed = The code had been used
whole-record-carrier_paid = The carrier paid for it (amount)
whole-record-fee_billed = The carrier billed the return (amount)
whole-record-write_off = The claim is given up (supervisors)
whole-place-not_authorised = not charged yet
whole-place-unshipped = not sent yet
whole-place-digital = gift code
whole-place-in_transit = on its way
whole-place-delivered = delivered
whole-place-returned = sent back
whole-place-refused_at_door = refused at the door
whole-place-lost = lost
whole-stage-identified = known
whole-stage-held = being cancelled
whole-stage-revoking = being revoked
whole-stage-intercepting = being stopped
whole-stage-return_requested = the seller is asked
whole-stage-checking_receipt = being looked for
whole-stage-claiming_from_carrier = claimed from the carrier
whole-stage-claim_open = claimed from the intruder
whole-stage-resolved = done
whole-end-cancelled = cancelled
whole-end-revoked = revoked
whole-end-goods_back = goods are back
whole-end-paid_by_carrier = paid for by the carrier
whole-end-written_off = written off
whole-owner-store = the store
whole-owner-agent = the desk
whole-owner-supervisor = a supervisor
whole-owner-seller = the seller
whole-owner-carrier = the carrier
whole-refund-proposed = waits for approval
whole-refund-approved = approved
whole-refund-submitted = asked for
whole-refund-succeeded = refunded
whole-refund-failed_retryable = to be tried again
whole-refund-failed_final = cannot be refunded
whole-refund-settled_by_issuer = refunded by the issuer
whole-refund-reversed = came back
whole-account-customer_refund_payable = Refunds owed to customers
whole-account-psp_clearing = Paid through the payment provider
whole-account-store_fraud_loss = Fraud losses of the store
whole-account-seller_payable = Owed to sellers
whole-account-guarantee_fund = Marketplace guarantee
whole-account-gift_balance = Gift balances and points
whole-account-intruder_receivable = Claimed from the intruder
whole-account-carrier_payable = Owed to carriers
whole-account-write_off = Written off

# Call-backs. The words are those of phrases: easy to say and to hear.
callback-words = anchor apple apron arrow autumn badge bamboo banana barrel basket beach bell bicycle blanket bottle branch bread bridge bronze bucket butter button cabin camel candle canyon carpet carrot castle cedar cherry circle clay clover coconut compass copper coral cotton cradle crayon cricket crystal dagger daisy desert dolphin donkey dragon eagle ember engine falcon feather ferry fiddle flame flute forest fountain fox garden ginger giraffe glacier goblet grape hammer harbor harvest hazel helmet honey island ivory jacket jasmine jungle kettle kitten ladder lantern lemon leopard linen lizard magnet mango maple marble meadow melon mirror monkey mountain needle nutmeg oak ocean olive orchard otter oyster paddle panda parrot pebble pepper piano pillow planet pumpkin puzzle rabbit rainbow ribbon river rocket saddle salmon silver spider spring squirrel summer sunset teapot thunder
callback-says-ask = This is { $store }. You asked us to call you. To talk to us, press 1. If you did not ask for this call, press 9. We never ask for a password or a verification code.
callback-says-join = Thank you. We are putting you through. First the agent says the four words of your case. If they do not, please hang up.
callback-says-declined = Thank you. We will not call again about this. Goodbye.
callback-says-not-reached = We are sorry: nobody of us could take the line. We will call you again in a few minutes.
callback-sms-reminder = { $store }: we call you from { $at }, as you chose. We never ask for a password or a code.
callback-sms-unanswered = { $store }: we called you three times and did not reach you. You can choose another time on the page of your report.
callback-unanswered = We called you three times and did not reach you. Please choose another time, or write to us here.
callback-nobody-there = We are sorry: we could not call you at the time we had promised. Please choose another time. Your report goes on meanwhile.
call-title = Have us call you
call-lead = We call you. You never have to call a number that somebody gave you.
call-link = Ask for a call, or see how it stands
call-phrase = The four words of your case
call-phrase-hint = Whoever calls says these words first. If they do not, or if they ask you for them, hang up: it is not us.
call-never = Nobody of us ever asks for a password or a verification code.
call-number = Phone number
call-number-hint = A landline or mobile in Japan. On a number that was not in the account before, we can tell you how it stands but change nothing.
call-when = When?
call-now = Now: an agent is free
call-estimate = Everybody is on a call. Somebody may be free in about { $minutes } minutes, but we cannot promise it. Please choose a time.
call-nobody = Nobody is at the phones now. Please choose a time.
call-slot = Within half an hour from { $at }
call-no-slots = No times can be had for the next days. Please write to us on the page of your report.
call-ask = Call me
call-cancel = Call it off
call-back-link = Back to the report
call-to = Number: { $number }
call-refused-foreign = We call numbers in Japan only.
call-refused-premium = We do not call this number, because it costs more than a call. Please give a landline or mobile.
call-refused-freephone = We do not call free-of-charge numbers. Please give a landline or mobile.
call-refused-no-line = This is no landline or mobile number. Please check it.
call-refused-too-many = No more calls can be asked for to this number today. Please write to us on the page of your report.
call-refused-open = A call is already on its way.
call-refused-nobody = The agent has just taken another call. Please choose a time.
call-refused-slot = This time has just been taken. Please choose another.
call-refused-now = That is no longer possible.
call-state-waiting = We call you within half an hour from { $at }.
call-state-promised = We call you again by { $at }.
call-state-late = We had promised to call you by { $at } and are late. We are sorry, and will still call.
call-state-queued = You are next. The phone rings as soon as an agent takes it.
call-state-dialling = Your phone is ringing now.
call-state-talking = You are on the phone with us.
call-state-retrying = We did not reach you. We call again at about { $at }.
call-state-resolved = We have talked.
call-state-followed-up = We have talked, and call you again by { $at }.
call-state-unanswered = We called three times and did not reach you. Choose another time.
call-state-nobody-there = We could not call you in time, and are sorry. Choose another time.
call-state-cancelled = Called off.
call-state-declined = Whoever answered did not want the call. We do not call again.
flash-call-asked = We will call you.
flash-call-cancelled = The call is called off.
desk-calls = Calls
desk-calls-off = No calls are made: see the setting callback-gateway, or subscribe to callback.due.
desk-calls-none = No calls wait.
desk-free-until = You take calls until { $at }.
desk-not-free = You take no calls.
desk-free-minutes = For how long
desk-free-for = { $minutes } minutes
desk-free = I am free for calls
desk-free-stop = No more calls
desk-call-promised = Promised for
desk-call-state = Call
desk-call-waiting = waiting for its time
desk-call-queued = waiting for an agent
desk-call-dialling = ringing
desk-call-consented = wants the call
desk-call-connected = talking
desk-call-retrying = not answered, rings again
desk-call-resolved = settled
desk-call-followed_up = called again later
desk-call-unanswered = never answered
desk-call-nobody_there = nobody of us was there
desk-call-cancelled = called off
desk-call-declined = not wanted
desk-call-wish-now = at once
desk-call-wish-slot = slot
desk-call-wish-follow_up = promised
desk-call-number = Number
desk-call-number-from-before = was in the account before it began
desk-call-number-come-since = came to the account since it began, or shortly before: it may be the intruder's
desk-call-number-unknown = was never in the account
desk-call-information-only = Information only
desk-call-phrase = Words of the case
desk-call-script-first = Say first: “This is { $store }. Your words are: { $phrase }.” Do not ask the caller for them.
desk-call-script-never = Never ask for a password, a verification code or a card number.
desk-call-script-information = Tell how the report stands. Change nothing, and confirm no detail of the account.
desk-call-script-account = What changes the account may be talked about. The level still comes from proofs alone.
desk-call-answered = Answered, wants the call
desk-call-not-answered = No answer
desk-call-not-wanted = Does not want it
desk-call-resolve = Settled
desk-call-follow-up = Promise another call
desk-call-due = Call again by (Japan)

## Pages: the desk, figures

figures-title = Figures of the desk
figures-lead = Of cases that were opened in the last { $days } days.
figures-incomplete = There are so many that some are left out.
figures-cases = Cases
figures-confirmed = Confirmed as takeovers
figures-seen-first = Of these, seen before anybody reported them
figures-spans = How long it took
figures-span = From and to
figures-count = Cases
figures-median = Median
figures-p90 = Nine in ten within
figures-detect = From the intruder's first act until it was seen
figures-contain = From there until the intruder was out
figures-decide = From the report until the decision
figures-refund = From the report until the last refund
figures-give-back = From the lock until the account begins to go back
figures-seconds = { $count } s
figures-minutes = { $count } min
figures-hours = { $count } h
figures-days = { $count } days
figures-money = Money
figures-sum = What
figures-prevented = Stopped in time, of what had been charged
figures-refunded = Refunded
figures-fees = Return fees
figures-recovered = Recovered
figures-net-loss = Borne by the store, claims on intruders included

## Handover notes

handover-title = What comes next
handover-desk = Who reported sees the same on their page.
handover-refunds-coming = Refunds go back to the way you paid. They may take up to three weeks to show on your statement.
handover-issuer-pays = What your card issuer refunds is not refunded by us as well. Please ask the issuer when it comes.
handover-goods-taken-back = The seller collects what was delivered. You need not send anything back, and you pay no postage.
handover-police = You can report it to the police (被害届) at your local station. Their online desk is for advice and is no report. Ask us on this page for the records you need.
handover-credit-card = How long you have to tell your card issuer differs. Many ask for it within 60 days of the statement, so please ask soon.
handover-debit-card = With a debit card the money leaves your account at once. Please tell your bank soon too.
handover-pay-later = A pay-later provider may bill you when its closing date passes during an inquiry. Please tell them that one is under way.
handover-carrier-billing = Tell your mobile carrier within about 90 days. They may ask for a report to the police, and for papers within 30 days.
handover-watched = We go on watching over your account for a while, and two-step verification stays on.
handover-appeal = You can object within 30 days to what was decided on orders that were not confirmed, beside each order on this page.
breach-report = Japan's privacy law (APPI §26): if this has to be reported, the preliminary report is due by { $preliminary } and the final one by { $final }. Whether it has to be is for your counsel.

# Evidence packs: what a case found, handed to somebody
pack-title = Record of unauthorised use
pack-for-owner = For the account's owner
pack-for-issuer = For the card issuer or payment provider
pack-for-police = For the police
pack-lead = What this case found, as one record made for whoever receives it. A record that was made stays in the history, and can be shown to be unchanged.
pack-make = Make a record
pack-made = Made
pack-whom = For whom
pack-json = Data (JSON)
pack-print = To print (PDF)
pack-store = Issued by
pack-account = Account
pack-at-opened = Reported
pack-at-began = Believed to have begun
pack-at-contained = Contained
pack-at-recovered = Return begun
pack-at-decided = Decided
pack-at-closed = Closed
pack-why = Why then
pack-sent-to = Sent to
pack-refund = Refund
pack-desk = Desk
pack-proof = That this record is genuine
pack-proof-lead = The SHA-256 of the content is below. The data (JSON) of the same number holds the content and the rows of the audit trail.
pack-proof-trail = It reaches row { $position } of the audit trail, whose value is { $link }
pack-proof-check = Whoever issued it can check with sekisho audit pack that it is as it was made.
pack-own-title = Your record
pack-own-lead = What happened and what was done, as one record. You can hand it to the police or to your card issuer.

# Events
event-login = Sign-in
event-registration = Registration
event-credential-password-changed = Password changed
event-credential-passkey-added = Passkey added
event-credential-passkey-removed = Passkey removed
event-credential-totp-added = Authenticator app added
event-credential-totp-removed = Authenticator app removed
event-credential-two-step-enabled = Two-step turned on
event-credential-two-step-disabled = Two-step turned off
event-credential-reset-requested = Password reset asked for
event-profile-email-changed = Mail address changed
event-profile-phone-changed = Phone number changed
event-profile-name-changed = Name changed
event-profile-address-added = Address added
event-profile-address-changed = Address changed
event-profile-address-removed = Address removed
event-payment-method-added = Payment method added
event-payment-method-removed = Payment method removed
event-order-placed = Order placed
event-order-changed = Order changed
event-order-cancelled = Order cancelled
event-payment-authorised = Payment authorised
event-payment-captured = Payment captured
event-payment-refunded = Refund
event-payment-disputed = Payment disputed
event-shipment-created = Shipment created
event-shipment-handed-over = Handed to the carrier
event-shipment-in-transit = In transit
event-shipment-delivered = Delivered
event-shipment-returned = Returned
event-shipment-lost = Lost
event-payout-requested = Payout asked for
event-payout-account-changed = Payout account changed
event-session-ended = Signed out
event-custom = Something else

# How colleagues work (supervisors and auditors)
conduct-title = What colleagues looked at and did
conduct-link = What colleagues looked at and did
conduct-lead = What each colleague looked at and did in cases in the last { $days } days. Numbers far above the others are marked. Being high is no fault by itself: ask first.
conduct-none = Nothing in this time.
conduct-unusual = Stands out
conduct-cases = Cases worked on
conduct-steps = Steps
conduct-looks = Looks
conduct-only_looked = Cases only looked at
conduct-unmasked = Fields unmasked
conduct-refused = Refused: not their case
conduct-packs = Evidence packs made
tasks-title = Tasks
tasks-lead = What a person has to do in any case, the soonest first.
tasks-none = There is nothing to do.
tasks-order = Order { $order }
tasks-taken-by = { $name } does it
tasks-free = Nobody does it yet
tasks-case-agent = case: { $name }
tasks-take = I do it
task-cancel-not-done = Cancellation without an answer
task-code-not-revoked = Gift code not revoked
task-call-carrier = Call the carrier
task-call-seller = Call the seller
task-chase-carrier = Ask the carrier again
task-trace-parcel = Trace the parcel
task-seller-silent = Silent seller
task-check-receipt = Check what came back
task-claim-from-carrier = Claim from the carrier
task-payer-silent = Refund without an answer
task-nobody-pays = Nobody pays the refund
task-refund-by-hand = Refund by hand
ledger-title = Books
ledger-lead = What was refunded, billed and recovered in all cases, double entry. Nothing is changed here; a mistake is set right by an entry the other way round.
ledger-all-accounts = All accounts
ledger-filter = Show
ledger-unknown = There is no such case or account.
ledger-balances = What stands where
ledger-incomplete = Only the latest 100,000 lines are in these sums. Ask for one case or account.
ledger-sum = Everything together
ledger-balanced = balances
ledger-not-balanced = does not balance
ledger-entries = Entries
ledger-csv = Download as CSV
ledger-debit = Debit
ledger-credit = Credit
ledger-reverses = reversal
ledger-none = There are no entries.
task-review-seller = The review of a seller
script-review-seller = Sold in three confirmed takeovers within a week: the store was asked to hold this seller's payouts. Look at the orders, their addresses and devices; decide with a supervisor whether payouts go on.
## Withdrawing a report, looking again, what is due

report-signed-in-title = You are signed in
report-signed-in = Confirm it is you with a passkey or another method you have set up, and report without typing your name or address.
report-signed-in-changed = Something in my account was changed, or I see activity I do not know
report-signed-in-begin = Confirm and report
report-signed-in-other = Report about another account
report-signed-in-prove = You can confirm it is you right now, with the passkey or authenticator app you have set up.
report-signed-in-button = Confirm on this device
report-order-mine = This was my order
report-order-not-mine = I do not know this order after all
report-appeal = I do not agree with this
report-appeal-lead = A supervisor who was not part of the first decision looks at it again. You can ask once for each order.
report-appeal-why = Why you do not agree
report-appeal-button = Ask for another look
report-withdraw = Withdraw this report
report-withdraw-lead = You can withdraw it when it turns out not to be misuse, such as an order of your family.
report-withdraw-why = If you like, tell us why
report-withdraw-hint = For example: these were my orders.
report-withdraw-button = Withdraw
report-remind-answer = We are waiting for more information. Please send what you know below.
report-remind-card = Your refund is not complete yet. Card issuers usually take objections until about { $by }. To be safe, please contact your issuer too.
report-remind-carrier = Your refund is not complete yet. Mobile carriers usually take objections until about { $by }. To be safe, please contact your carrier too.
case-withdrawn = This report was withdrawn.
case-order-mine = Your own order
case-order-appeal = Another supervisor is looking at it
flash-withdrawn = The report is withdrawn.
flash-appealed = Another person will look at it.
desk-did-cause_named = cause recorded
desk-did-breach_settled = duty to report recorded
desk-did-reminded = reminded
desk-did-held = put under legal hold
desk-did-hold_lifted = legal hold lifted
desk-reminder-triage-late = not taken in time
desk-reminder-decision-late = not decided in time
desk-reminder-answer-awaited = awaiting an answer (1 day)
desk-reminder-answer-still-awaited = awaiting an answer (3 days)
desk-reminder-parked = no answer, parked
desk-reminder-preliminary-soon = preliminary report due within 2 days
desk-reminder-preliminary-late = preliminary report overdue
desk-reminder-final-soon = final report due within 7 days
desk-reminder-final-late = final report overdue
desk-reminder-card-window = not refunded, and the card issuer's window is closing
desk-reminder-carrier-window = not refunded, and the mobile carrier's window is closing
desk-reminder-end-waits = monitoring is over; the cause or the duty to report is not recorded
desk-appeal = Appeal
desk-appeal-answered = answered by
desk-appeal-grant = Confirm as misuse
desk-appeal-keep = Keep the ruling
desk-appeal-another = A supervisor who had no part in the first ruling answers.
desk-mark-mine-button = Mark as the owner's
desk-name-cause = Record the cause
desk-reopen = Open again
desk-hold = Put under legal hold
desk-lift-hold = Lift the legal hold
desk-held = Under a legal hold: until it is lifted, nothing of this case is removed and its account is not erased.
desk-files-until = Files are kept until
breach-preliminary = Preliminary report
breach-final = Final report
breach-settle = Made, or not needed
breach-settle-hint = When it was made and under which number, or who decided that it is not needed, and why.
breach-settle-button = Record

# When every contact is lost
report-back-contact = New contact (mail address or mobile number)
report-back-contact-hint = Only if you can no longer use your earlier contacts. We send a code to it, and it takes their place.
report-back-no-contact = Please enter a mail address or phone number that we can send a code to.
report-back-contact-needed = There is no contact that works any more. Please enter a new one.
desk-document-report = Number of the report whose document was seen

# Reports of suspicious mail, and campaigns
campaign-warning = Mails that pose as { $store } are going round (subject, for instance: “{ $subject }”). Do not open their links, and enter no password or card number.
mail-report-title = Report this mail
mail-report-lead = Telling { $store } helps to warn others who got the same. What is kept is how mails of one sender are known again: domains of sender and links, the subject. The mail itself is not kept.
mail-report-did = Tick what you have done already
mail-report-clicked = Opened a link or an attachment
mail-report-gave-password = Entered a password
mail-report-gave-card = Entered a card number
mail-report-button = Report it
mail-report-thanks = Thank you for telling us. We will look at it and do what is needed.
mail-report-watched = Your account is being watched over: for anything unusual, a further proof will be asked.
mail-check-not-reported = This mail was not reported: it is genuine, or there is nothing in it to go by.
campaigns-title = Suspicious mails
campaigns-lead = Suspicious mails that customers reported, by the hand they are of. The mails themselves are not kept.
campaigns-none = Nothing has been reported yet.
campaigns-reports = Reported by { $count }
campaigns-clicked = { $count } opened it
campaigns-passwords = { $count } entered a password
campaigns-cards = { $count } entered a card number
campaigns-senders = Domains of senders
campaigns-hosts = Domains of links
campaigns-first = First reported
campaigns-last = Last reported
campaigns-export = Export what is confirmed
campaign-state-new = Not looked at
campaign-state-confirmed = Confirmed
campaign-state-warned = Being warned of
campaign-state-not_ours = None of ours
campaign-state-over = Over
campaign-confirm = Confirm it
campaign-warn = Warn everybody on the pages
campaign-calm = Stop warning
campaign-not_ours = It is none of ours
campaign-over = It is over
