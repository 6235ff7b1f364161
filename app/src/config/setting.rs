//! Every setting, each one item.

/// Which commands take a setting as a flag. Every command reads all of them from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every command.
    Everywhere,
    /// `serve` and `config`.
    Serving,
}

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Name of the flag; the variable and the line in the file are made of it.
    pub name: &'static str,
    /// What stands for a value in help: `DIR`, `ADDR`.
    pub value: &'static str,
    /// What holds where nobody says anything; empty for nothing at all.
    pub default: &'static str,
    /// Who takes it as a flag.
    pub reach: Reach,
    /// Never shown, never taken as a flag (flags are seen by every user of the machine).
    pub secret: bool,
    /// What it does, in one sentence.
    pub doc: &'static str,
}

const fn everywhere(
    name: &'static str,
    value: &'static str,
    default: &'static str,
    doc: &'static str,
) -> Setting {
    Setting { name, value, default, reach: Reach::Everywhere, secret: false, doc }
}

const fn serving(
    name: &'static str,
    value: &'static str,
    default: &'static str,
    doc: &'static str,
) -> Setting {
    Setting { name, value, default, reach: Reach::Serving, secret: false, doc }
}

/// Every setting there is, in the order of help.
pub static SETTINGS: &[Setting] = &[
    everywhere("data", "DIR", "data", "Folder of everything this instance keeps"),
    Setting {
        name: "database-url",
        value: "URL",
        default: "",
        reach: Reach::Everywhere,
        secret: true,
        doc: "Database; where absent, the SQLite file in the data folder",
    },
    Setting {
        name: "master-key",
        value: "BASE64",
        default: "",
        reach: Reach::Everywhere,
        secret: true,
        doc: "Key that seals the database's keys; where absent, the master key file",
    },
    everywhere("master-key-file", "FILE", "", "Master key file; where absent, in the data folder"),
    everywhere(
        "sqlite-synchronous",
        "full|normal",
        "full",
        "full survives a power cut; normal only the death of the process",
    ),
    everywhere(
        "surroundings",
        "DIR",
        "",
        "Folder of IP data, lists and breached hashes; where absent, in the data folder",
    ),
    everywhere(
        "policy-properties",
        "NAMES",
        "",
        "Properties of events that rules may read, comma-separated",
    ),
    everywhere("language", "ja|en", "ja", "Language of texts where the caller asks for none"),
    everywhere("log", "FILTER", "info", "What is logged: error, warn, info, debug or target=level"),
    everywhere("log-format", "text|json", "text", "How it is logged"),
    serving(
        "public-url",
        "URL",
        "",
        "Where browsers find us, such as https://id.shop.example; decides cookies, links, passkeys",
    ),
    serving(
        "challenge-return-urls",
        "URL,…",
        "",
        "Where customers may go back to from a challenge that the store asked for, each in full",
    ),
    serving("trusted-proxies", "NETWORKS", "", "Proxies whose X-Forwarded-For is believed"),
    serving("store-colour", "#RRGGBB", "#0017c1", "The store's colour on pages"),
    serving("store-logo", "FILE", "", "The store's logo on pages, .svg or .png"),
    serving(
        "desk-staff",
        "ADDRESS=ROLE,…",
        "",
        "Who works at the desk: agent, supervisor or auditor; a second factor is compulsory",
    ),
    serving("official-domains", "DOMAINS", "", "Domains from which the store writes mail"),
    serving(
        "sent-mail-ledger",
        "own|complete",
        "own",
        "complete: the store tells /v1/mail/sent of all its mail, so what is not there is not its own",
    ),
    serving(
        "mail-online",
        "true|false",
        "false",
        "Mail checks ask the name service for the keys of signatures (DKIM, DMARC)",
    ),
    serving("phishing-mail", "ADDRESS", "", "Where customers forward mail that poses as the store"),
    serving("development", "true|false", "false", "Pages for development: /mailbox"),
    serving(
        "development-clock",
        "TIME",
        "",
        "Time at which a clock for development begins; POST /v1/clock puts it forward",
    ),
    serving(
        "store-cards-url",
        "URL",
        "",
        "Page of the store on which customers delete stored cards; where absent, words lead there",
    ),
    serving("store-name", "NAME", "Sekisho", "What customers call the store"),
    serving("listen", "ADDR", "127.0.0.1:8470", "Where to listen"),
    serving("request-timeout-ms", "N", "10000", "Longest time for one request, body included"),
    serving("stop-timeout-seconds", "N", "20", "Longest time for draining when asked to stop"),
    serving("connections-max", "N", "4096", "Connections held at once"),
    serving("key-events-per-second", "N", "50000", "Events a second for one key; 0: no limit"),
    serving(
        "account-decisions-per-second",
        "N",
        "100",
        "Decisions a second for one account; 0: no limit",
    ),
    serving(
        "webhooks-allow",
        "HOST:PORT,…",
        "",
        "Targets of webhooks inside your network, or without TLS, that you vouch for",
    ),
    serving(
        "mail-gateway",
        "off|smtp|webhook|mailbox",
        "off",
        "How mails leave: by a relay, or your own service; mailbox shows them on a development page",
    ),
    Setting {
        name: "smtp-url",
        value: "URL",
        default: "",
        reach: Reach::Serving,
        secret: true,
        doc: "Relay for mails: smtps://user:password@host:465 or smtp://…:587?tls=required",
    },
    serving(
        "mail-from",
        "ADDRESS",
        "no-reply@localhost",
        "From whom mails are, with or without a name",
    ),
    serving("sms-gateway", "off|twilio|webhook|mailbox", "off", "How text messages leave"),
    serving("voice-gateway", "off|twilio|webhook|mailbox", "off", "How calls leave"),
    serving(
        "gateway-url",
        "URL",
        "",
        "With webhook: where your service takes notification.requested",
    ),
    Setting {
        name: "gateway-secret",
        value: "WHSEC,…",
        default: "",
        reach: Reach::Serving,
        secret: true,
        doc: "Secret that signs it, whsec_…; two while it rotates",
    },
    serving("sms-countries", "CODES", "JP", "Countries that texts are sent to, ISO 3166-1"),
    serving("sms-per-number", "N", "8", "Texts to one number a day"),
    serving(
        "sms-per-prefix",
        "N",
        "40",
        "Texts a day to numbers that differ in the last four digits",
    ),
    serving("sms-per-ip", "N", "20", "Texts on behalf of one IP address a day"),
    serving("sms-per-country", "N", "5000", "Texts to one country a day"),
    serving("sms-per-day", "N", "5000", "Texts in all a day: the cap of what they may cost"),
    serving(
        "sms-completion-min",
        "PERCENT",
        "40",
        "A country of whose texts fewer are answered is switched off; 0 never does",
    ),
    serving("sms-url", "URL", "https://api.twilio.com", "API compatible with Twilio's Messages"),
    serving("sms-account", "ID", "", "Account with that provider"),
    Setting {
        name: "sms-token",
        value: "TOKEN",
        default: "",
        reach: Reach::Serving,
        secret: true,
        doc: "Token of that account",
    },
    serving("sms-from", "NUMBER", "", "From whom text messages and calls are, in E.164"),
    serving(
        "callback-gateway",
        "off|webhook|twilio",
        "off",
        "Who makes call-backs; by webhook your own telephone does, on callback.due",
    ),
    serving(
        "callback-desk-number",
        "NUMBER",
        "",
        "With twilio: the desk's line, in E.164, to which a call is joined that was wanted",
    ),
    serving(
        "desk-hours",
        "DAYS HOURS,…",
        "mon-fri 09:00-18:00",
        "When the desk is staffed, in Japan's time: the slots that call-backs are offered in",
    ),
    serving("callbacks-per-slot", "N", "2", "Call-backs in one half hour of the desk"),
    serving(
        "refund-provider",
        "webhook|stripe",
        "webhook",
        "Who pays refunds; by webhook your own system does, on refund.requested",
    ),
    serving("stripe-url", "URL", "https://api.stripe.com", "API compatible with Stripe's"),
    Setting {
        name: "stripe-key",
        value: "KEY",
        default: "",
        reach: Reach::Serving,
        secret: true,
        doc: "Secret key of that API; it needs to read disputes and write refunds",
    },
    serving(
        "refund-second-person-above",
        "N",
        "50000",
        "Refunds of one order above this, in minor units, want a second person",
    ),
    serving(
        "carriers",
        "NAMES",
        "",
        "Carriers that your own system stops parcels at, on shipment.intercept_requested",
    ),
    serving(
        "policy-preset",
        "NAME",
        "marketplace",
        "Policy of a new instance: observe, marketplace, jp-card-guideline-6",
    ),
    serving("accounts-max", "N", "1000000", "Accounts held in memory, the others on disk"),
    serving("bench-routes", "true|false", "false", "Routes that only a bench calls"),
];
