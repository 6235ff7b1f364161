//! The words by which rules know the values of the engine's enumerations: those of api.md.

use crate::decision::{AttackPattern, MissingFact, Obligation, Standing, Verdict};
use crate::event::{ChangeField, EventType, PaymentKind, Status, ThreeDs};
use crate::observation::{CredentialKind, DeviceClass};

/// Every type of event with its name, in the order of [`EventType`].
pub(super) const EVENT_TYPES: [(EventType, &str); 35] = [
    (EventType::Login, "login"),
    (EventType::Registration, "registration"),
    (EventType::PasswordChanged, "credential.password_changed"),
    (EventType::PasskeyAdded, "credential.passkey_added"),
    (EventType::PasskeyRemoved, "credential.passkey_removed"),
    (EventType::TotpAdded, "credential.totp_added"),
    (EventType::TotpRemoved, "credential.totp_removed"),
    (EventType::TwoStepEnabled, "credential.two_step_enabled"),
    (EventType::TwoStepDisabled, "credential.two_step_disabled"),
    (EventType::ResetRequested, "credential.reset_requested"),
    (EventType::EmailChanged, "profile.email_changed"),
    (EventType::PhoneChanged, "profile.phone_changed"),
    (EventType::NameChanged, "profile.name_changed"),
    (EventType::AddressAdded, "profile.address_added"),
    (EventType::AddressChanged, "profile.address_changed"),
    (EventType::AddressRemoved, "profile.address_removed"),
    (EventType::PaymentMethodAdded, "payment_method.added"),
    (EventType::PaymentMethodRemoved, "payment_method.removed"),
    (EventType::OrderPlaced, "order.placed"),
    (EventType::OrderChanged, "order.changed"),
    (EventType::OrderCancelled, "order.cancelled"),
    (EventType::PaymentAuthorised, "payment.authorised"),
    (EventType::PaymentCaptured, "payment.captured"),
    (EventType::PaymentRefunded, "payment.refunded"),
    (EventType::PaymentDisputed, "payment.disputed"),
    (EventType::ShipmentCreated, "shipment.created"),
    (EventType::ShipmentHandedOver, "shipment.handed_over"),
    (EventType::ShipmentInTransit, "shipment.in_transit"),
    (EventType::ShipmentDelivered, "shipment.delivered"),
    (EventType::ShipmentReturned, "shipment.returned"),
    (EventType::ShipmentLost, "shipment.lost"),
    (EventType::PayoutRequested, "payout.requested"),
    (EventType::PayoutAccountChanged, "payout.account_changed"),
    (EventType::SessionEnded, "session.ended"),
    (EventType::Custom, "custom"),
];

/// Every verdict with its name, the mildest first.
pub(super) const VERDICTS: [(Verdict, &str); 4] = [
    (Verdict::Allow, "allow"),
    (Verdict::Challenge, "challenge"),
    (Verdict::Review, "review"),
    (Verdict::Deny, "deny"),
];

/// Every obligation with its name.
pub(super) const OBLIGATIONS: [(Obligation, &str); 11] = [
    (Obligation::NotifyOwner, "notify_owner"),
    (Obligation::NotifyPreviousContacts, "notify_previous_contacts"),
    (Obligation::HoldFulfillment, "hold_fulfillment"),
    (Obligation::CancelOrder, "cancel_order"),
    (Obligation::RevokeSessions, "revoke_sessions"),
    (Obligation::RestrictStoredCard, "restrict:stored_card"),
    (Obligation::RestrictSecurityChange, "restrict:security_change"),
    (Obligation::RestrictNewDeviceSignIn, "restrict:new_device_sign_in"),
    (Obligation::RestrictPayout, "restrict:payout"),
    (Obligation::RequireCardReentry, "require:card_reentry"),
    (Obligation::OpenCase, "open_case"),
];

/// Name of a type of event.
pub(super) fn event_type(kind: EventType) -> &'static str {
    EVENT_TYPES.get(kind as usize).map_or("custom", |(_, name)| name)
}

/// Name of a verdict.
pub fn verdict(verdict: Verdict) -> &'static str {
    VERDICTS.get(verdict as usize).map_or("deny", |(_, name)| name)
}

/// Name of an obligation.
pub fn obligation(obligation: Obligation) -> &'static str {
    OBLIGATIONS.get(obligation as usize).map_or("open_case", |(_, name)| name)
}

pub(super) const fn status(value: Status) -> &'static str {
    match value {
        Status::Attempted => "attempted",
        Status::Succeeded => "succeeded",
        Status::Failed => "failed",
    }
}

pub(super) const fn change_field(value: ChangeField) -> &'static str {
    match value {
        ChangeField::Password => "password",
        ChangeField::Passkey => "passkey",
        ChangeField::Totp => "totp",
        ChangeField::TwoStep => "two_step",
        ChangeField::Email => "email",
        ChangeField::Phone => "phone",
        ChangeField::Name => "name",
        ChangeField::Address => "address",
        ChangeField::PaymentMethod => "payment_method",
        ChangeField::BankAccount => "bank_account",
    }
}

pub(super) const fn payment_kind(value: PaymentKind) -> &'static str {
    match value {
        PaymentKind::CreditCard => "credit_card",
        PaymentKind::DebitCard => "debit_card",
        PaymentKind::PayLater => "pay_later",
        PaymentKind::CarrierBilling => "carrier_billing",
        PaymentKind::Points => "points",
        PaymentKind::GiftBalance => "gift_balance",
        PaymentKind::BankTransfer => "bank_transfer",
        PaymentKind::CashOnDelivery => "cash_on_delivery",
        PaymentKind::Other => "other",
    }
}

pub(super) const fn three_ds(value: ThreeDs) -> &'static str {
    match value {
        ThreeDs::NotAttempted => "not_attempted",
        ThreeDs::Attempted => "attempted",
        ThreeDs::Frictionless => "frictionless",
        ThreeDs::Challenged => "challenged",
        ThreeDs::Authenticated => "authenticated",
        ThreeDs::Failed => "failed",
    }
}

pub(super) const fn credential_kind(value: CredentialKind) -> &'static str {
    match value {
        CredentialKind::Password => "password",
        CredentialKind::Passkey => "passkey",
        CredentialKind::Totp => "totp",
        CredentialKind::OneTimeCode => "one_time_code",
        CredentialKind::Federated => "federated",
        CredentialKind::RecoveryCode => "recovery_code",
        CredentialKind::Other => "other",
    }
}

pub(super) const fn device_class(value: DeviceClass) -> &'static str {
    match value {
        DeviceClass::Unknown => "unknown",
        DeviceClass::Desktop => "desktop",
        DeviceClass::Mobile => "mobile",
        DeviceClass::Tablet => "tablet",
        DeviceClass::Bot => "bot",
        DeviceClass::Other => "other",
    }
}

pub(super) const fn standing(value: Standing) -> &'static str {
    match value {
        Standing::Quiet => "quiet",
        Standing::AttackedHeld => "attacked_held",
        Standing::TakenOver => "taken_over",
    }
}

pub(super) const fn pattern(value: AttackPattern) -> &'static str {
    match value {
        AttackPattern::Stuffing => "stuffing",
        AttackPattern::Spraying => "spraying",
        AttackPattern::BruteForce => "brute_force",
    }
}

pub(super) const fn missing(value: MissingFact) -> &'static str {
    match value {
        MissingFact::Ip => "ip",
        MissingFact::UserAgent => "user_agent",
        MissingFact::DeviceToken => "device_token",
        MissingFact::Asn => "asn",
        MissingFact::Country => "country",
        MissingFact::DatacentreList => "datacentre_list",
        MissingFact::VpnList => "vpn_list",
        MissingFact::TorList => "tor_list",
        MissingFact::BadIpList => "bad_ip_list",
        MissingFact::SecretHash => "secret_hash",
        MissingFact::BreachedPassword => "breached_password",
        MissingFact::RegisteredAt => "registered_at",
        MissingFact::ShipTo => "ship_to",
        MissingFact::PaymentFingerprint => "payment_fingerprint",
        MissingFact::OrderLines => "order_lines",
        MissingFact::SessionId => "session_id",
        MissingFact::History => "history",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_tables_are_in_the_order_of_their_enumerations_and_named_as_in_the_api() {
        for (place, (kind, name)) in EVENT_TYPES.iter().enumerate() {
            assert_eq!(*kind as usize, place, "{name}");
            assert_eq!(serde_json::to_value(kind).unwrap(), *name);
        }
        for (place, (verdict, name)) in VERDICTS.iter().enumerate() {
            assert_eq!(*verdict as usize, place, "{name}");
            assert_eq!(serde_json::to_value(verdict).unwrap(), *name);
        }
        for (place, (obligation, name)) in OBLIGATIONS.iter().enumerate() {
            assert_eq!(*obligation as usize, place, "{name}");
            assert_eq!(serde_json::to_value(obligation).unwrap(), *name);
        }
    }

    fn named<T: serde::Serialize + Copy>(name: fn(T) -> &'static str, values: &[T]) {
        for value in values {
            assert_eq!(serde_json::to_value(value).unwrap(), name(*value));
        }
    }

    #[test]
    fn words_for_values_are_those_of_the_api() {
        named(status, &[Status::Attempted, Status::Succeeded, Status::Failed]);
        named(
            change_field,
            &[
                ChangeField::Password,
                ChangeField::Passkey,
                ChangeField::Totp,
                ChangeField::TwoStep,
                ChangeField::Email,
                ChangeField::Phone,
                ChangeField::Name,
                ChangeField::Address,
                ChangeField::PaymentMethod,
                ChangeField::BankAccount,
            ],
        );
        named(
            payment_kind,
            &[
                PaymentKind::CreditCard,
                PaymentKind::DebitCard,
                PaymentKind::PayLater,
                PaymentKind::CarrierBilling,
                PaymentKind::Points,
                PaymentKind::GiftBalance,
                PaymentKind::BankTransfer,
                PaymentKind::CashOnDelivery,
                PaymentKind::Other,
            ],
        );
        named(
            three_ds,
            &[
                ThreeDs::NotAttempted,
                ThreeDs::Attempted,
                ThreeDs::Frictionless,
                ThreeDs::Challenged,
                ThreeDs::Authenticated,
                ThreeDs::Failed,
            ],
        );
        named(standing, &[Standing::Quiet, Standing::AttackedHeld, Standing::TakenOver]);
        named(
            pattern,
            &[AttackPattern::Stuffing, AttackPattern::Spraying, AttackPattern::BruteForce],
        );
        named(
            missing,
            &[
                MissingFact::Ip,
                MissingFact::UserAgent,
                MissingFact::DeviceToken,
                MissingFact::Asn,
                MissingFact::Country,
                MissingFact::DatacentreList,
                MissingFact::VpnList,
                MissingFact::TorList,
                MissingFact::BadIpList,
                MissingFact::SecretHash,
                MissingFact::BreachedPassword,
                MissingFact::RegisteredAt,
                MissingFact::ShipTo,
                MissingFact::PaymentFingerprint,
                MissingFact::OrderLines,
                MissingFact::SessionId,
                MissingFact::History,
            ],
        );
    }
}
