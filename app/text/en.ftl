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

signal-change-contact_changed = Contact changed { $hours } hours ago, not yet confirmed by the owner
signal-change-password_changed = Password changed { $hours } hours ago from an unusual place
signal-change-second_factor_removed = A second factor was removed { $hours } hours ago
signal-change-bank_account_changed = The payout account was changed { $hours } hours ago
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
signal-account-entered_and_changed = A doubtful sign-in { $hours } hours ago, then a change, then this order

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
problem-foreign-form = The form did not come from a page of this site

## Notices: what the owner is told, in the message centre and by letter

notice-password-changed = Your password was changed
notice-mail-changed = Your email address was changed
notice-phone-changed = Your phone number was changed
notice-contact-waits = A change of your contact details was requested; it takes effect in 24 hours
notice-passkey-added = A passkey was added
notice-passkey-removed = A passkey was removed
notice-authenticator-added = An authenticator app was added
notice-authenticator-removed = An authenticator app was removed
notice-recovery-codes-replaced = Your recovery codes were replaced
notice-two-step-enabled = Two-step verification was turned on
notice-two-step-disabled = Two-step verification was turned off
notice-restored = Changes were undone and your earlier settings are back
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
