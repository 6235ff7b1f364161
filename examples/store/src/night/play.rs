//! Each act of the script, by hand.

use super::hand::Hand;
use super::script::{Victim, What};
use crate::failure::Failure;
use crate::shop::Shop;
use crate::things::{Member, Order, ParcelState};

/// Intruders' vacant flat.
const FLAT: (&str, &str) = ("3320012", "埼玉県川口市本町9-8-7 空室201");

impl Shop {
    /// Does it; says what came of it, as a text key or a verdict.
    pub(super) async fn act(&self, victim: &Victim, what: What) -> Result<String, Failure> {
        match what {
            What::Join => self.join(victim).await,
            What::Shop(sku) => {
                let mut hand = self.owner(victim).await?;
                let came = self.buy(&mut hand, victim, sku, true).await?;
                // Careful people sign out after shopping (R57).
                hand.send("/sign-out", &[]).await?;
                self.remember(victim.mail, &hand);
                Ok(came)
            }
            What::Enter => {
                let hand = self.intruder(victim).await?;
                let inside = hand.url.path() != "/sign-in" && self.is_store(&hand);
                Ok(if inside { "night-came-in" } else { "night-kept-out" }.to_owned())
            }
            What::ChangeMail => self.change_contact(victim, victim.theirs.0, true).await,
            What::ChangePhone => self.change_contact(victim, victim.theirs.1, false).await,
            What::AddApp => self.add_app(victim).await,
            What::AddAddress => {
                let mut hand = self.intruder(victim).await?;
                self.add_address(&mut hand, victim.name, FLAT).await
            }
            What::Buy(sku) => {
                let mut hand = self.intruder(victim).await?;
                self.buy(&mut hand, victim, sku, false).await
            }
            What::Redeem(number) => self.redeem(victim, number).await,
            What::Parcel(number, step) => {
                let Some(order) = self.order_of(victim, number).await? else {
                    return Ok("night-no-order".to_owned());
                };
                let Some(parcel) = order.parcels.first() else { return Err(Failure::NotFound) };
                match self.move_parcel(&order.id, &parcel.id, step).await {
                    Ok(()) => Ok("night-moved".to_owned()),
                    Err(Failure::Bad(_)) => Ok("night-held".to_owned()),
                    Err(error) => Err(error),
                }
            }
        }
    }

    fn is_store(&self, hand: &Hand) -> bool {
        hand.url.as_str().starts_with(&self.settings.public_url)
    }

    async fn member_of(&self, victim: &Victim) -> Result<Option<Member>, Failure> {
        let all = self.book.all::<Member>().await?;
        let is_theirs = |member: &Member| [victim.mail, victim.theirs.0].contains(&&*member.mail);
        Ok(all.into_iter().find(is_theirs))
    }

    /// The order of the account's with this number, from its first on.
    async fn order_of(&self, victim: &Victim, number: usize) -> Result<Option<Order>, Failure> {
        let Some(member) = self.member_of(victim).await? else { return Ok(None) };
        Ok(self.book.of::<Order>(&member.id).await?.into_iter().nth(number))
    }

    async fn join(&self, victim: &Victim) -> Result<String, Failure> {
        let sekisho = &self.settings.sekisho;
        let mut hand = Hand::at(sekisho, victim.owner)?;
        hand.open("/register").await?;
        hand.send("/register", &[("mail", victim.mail), ("password", victim.password)]).await?;
        let code = hand.code_sent(sekisho, &[victim.mail], None).await?;
        hand.send_here(&[("answer", &code)]).await?;
        hand.open("/security/contacts").await?;
        hand.send("/security/contacts", &[("contact", victim.phone)]).await?;
        let code = hand.code_sent(sekisho, &[victim.phone], None).await?;
        hand.send_here(&[("answer", &code)]).await?;
        hand.open(&format!("{}/sign-in", self.settings.public_url)).await?;
        let member = self.member_of(victim).await?.ok_or_else(|| {
            Failure::Sekisho(format!("{} did not come back signed in", victim.mail))
        })?;
        self.add_address(&mut hand, victim.name, victim.place).await?;
        hand.send("/cards", &[("number", victim.card)]).await?;
        self.book
            .change(&member.id, |member: &mut Member, _| {
                member.unguarded = victim.unguarded;
                Ok(())
            })
            .await?;
        self.remember(victim.mail, &hand);
        Ok("night-joined".to_owned())
    }

    async fn add_address(
        &self,
        hand: &mut Hand,
        name: &str,
        (postcode, place): (&str, &str),
    ) -> Result<String, Failure> {
        hand.open(&format!("{}/account", self.settings.public_url)).await?;
        if !self.is_store(hand) {
            return Ok("night-kept-out".to_owned());
        }
        let fields = [("name", name), ("postcode", postcode), ("place", place)];
        hand.send("/addresses", &fields).await?;
        Ok("night-done".to_owned())
    }

    /// The owner on their own device.
    async fn owner(&self, victim: &Victim) -> Result<Hand, Failure> {
        let hand = self.remembered(victim.mail);
        let hand = hand.map_or_else(|| Hand::at(&self.settings.sekisho, victim.owner), Ok)?;
        self.come_in(hand, victim, victim.mail).await
    }

    async fn intruder(&self, victim: &Victim) -> Result<Hand, Failure> {
        let hand = self.remembered(victim.theirs.0);
        let hand = hand.map_or_else(|| Hand::at(&self.settings.sekisho, victim.intruder), Ok)?;
        self.come_in(hand, victim, victim.theirs.0).await
    }

    /// Into the shop, signing in where that is asked for. `key` is whose browser it is.
    async fn come_in(
        &self,
        mut hand: Hand,
        victim: &Victim,
        key: &'static str,
    ) -> Result<Hand, Failure> {
        let sekisho = self.settings.sekisho.clone();
        hand.open(&format!("{}/account", self.settings.public_url)).await?;
        if !self.is_store(&hand) {
            // The address that signs in: the owner's until it is taken off the account.
            let member = self.member_of(victim).await?;
            let login = member.map_or_else(|| victim.mail.to_owned(), |member| member.mail);
            self.sign_in(&mut hand, &sekisho, victim, &login).await?;
        }
        self.remember(key, &hand);
        Ok(hand)
    }

    async fn sign_in(
        &self,
        hand: &mut Hand,
        sekisho: &str,
        victim: &Victim,
        login: &str,
    ) -> Result<(), Failure> {
        let then = hand.value_of("then").unwrap_or_default();
        let to = [login, victim.phone];
        let before = hand.last_code(sekisho, &to).await?;
        let fields = [("login", login), ("password", victim.password), ("then", &then)];
        hand.send("/sign-in", &fields).await?;
        if !hand.url.path().starts_with("/prove/") {
            return Ok(());
        }
        let code = hand.code_sent(sekisho, &to, before.as_deref()).await?;
        hand.send_here(&[("answer", &code), ("trust", "1")]).await
    }

    /// A contact of the account's is replaced, or one is added.
    async fn change_contact(
        &self,
        victim: &Victim,
        to: &str,
        replaces: bool,
    ) -> Result<String, Failure> {
        let sekisho = &self.settings.sekisho;
        let mut hand = self.intruder(victim).await?;
        hand.open(&format!("{sekisho}/security/contacts")).await?;
        if hand.url.path() != "/security/contacts" {
            return Ok("night-kept-out".to_owned());
        }
        let place = if replaces { "0" } else { "" };
        hand.send("/security/contacts", &[("contact", to), ("replaces", place)]).await?;
        let code = hand.code_sent(sekisho, &[to], None).await?;
        hand.send_here(&[("answer", &code)]).await?;
        let waits = hand.html.contains("24時間後に反映");
        if replaces
            && !waits
            && let Some(member) = self.member_of(victim).await?
        {
            // What the store learns at the next sign-in, the script knows at once.
            self.book
                .change(&member.id, |member: &mut Member, _| {
                    member.mail = to.to_owned();
                    Ok(())
                })
                .await?;
        }
        self.remember(victim.theirs.0, &hand);
        Ok(if waits { "night-waits" } else { "night-changed" }.to_owned())
    }

    async fn add_app(&self, victim: &Victim) -> Result<String, Failure> {
        let mut hand = self.intruder(victim).await?;
        hand.open(&format!("{}/security/two-step", self.settings.sekisho)).await?;
        let secret = hand.text_between("class=\"secret\">", "<");
        let (Some(secret), Some(seed)) = (secret, hand.value_of("seed")) else {
            return Ok("night-kept-out".to_owned());
        };
        let secret = secret.replace(' ', "");
        let code = self.totp(&secret)?;
        hand.send("/security/two-step", &[("seed", &seed), ("answer", &code)]).await?;
        self.remember(victim.theirs.0, &hand);
        self.stage.apps().insert(victim.mail, secret);
        Ok("night-done".to_owned())
    }

    /// Buys one of it with the stored card; the owner keys the card in again where that is asked for.
    async fn buy(
        &self,
        hand: &mut Hand,
        victim: &Victim,
        sku: &str,
        knows_card: bool,
    ) -> Result<String, Failure> {
        let shop = &self.settings.public_url;
        if !self.is_store(hand) {
            return Ok("night-kept-out".to_owned());
        }
        hand.open(&format!("{shop}/")).await?;
        hand.send("/cart", &[("sku", sku), ("quantity", "1")]).await?;
        hand.open(&format!("{shop}/checkout")).await?;
        let card = hand.value_of("card").unwrap_or_default();
        let address = hand.values_of("address").pop().unwrap_or_default();
        hand.send("/checkout", &[("card", &card), ("address", &address)]).await?;
        if hand.url.path() == "/checkout" && knows_card {
            let fields = [("card", card.as_str()), ("address", &address)];
            let fields = [fields.as_slice(), &[("card_number", victim.card)]].concat();
            hand.send("/checkout", &fields).await?;
        }
        self.answer_challenge(hand, victim).await?;
        let key = if knows_card { victim.mail } else { victim.theirs.0 };
        self.remember(key, hand);
        let Some(id) = hand.url.path().strip_prefix("/orders/") else {
            return Ok("night-not-taken".to_owned());
        };
        let order: Order = self.book.one(id).await?;
        let held = if order.held { "-held" } else { "" };
        Ok(format!("night-verdict-{}{held}", order.verdict))
    }

    /// The page where an order is proved, with a code to a contact of the account's.
    async fn answer_challenge(&self, hand: &mut Hand, victim: &Victim) -> Result<(), Failure> {
        if !hand.url.path().starts_with("/challenge/") {
            return Ok(());
        }
        let sekisho = &self.settings.sekisho;
        let member = self.member_of(victim).await?.ok_or(Failure::NotFound)?;
        let to = [member.mail.as_str(), victim.phone];
        let before = hand.last_code(sekisho, &to).await?;
        hand.send_here(&[]).await?;
        let app = self.stage.apps().get(victim.mail).cloned();
        if let Some(secret) = app {
            let path = format!("{}/send", hand.url.path());
            hand.send(&path, &[("method", "totp")]).await?;
            let code = self.totp(&secret)?;
            return hand.send_here(&[("answer", &code)]).await;
        }
        let code = hand.code_sent(sekisho, &to, before.as_deref()).await?;
        hand.send_here(&[("answer", &code)]).await
    }

    async fn redeem(&self, victim: &Victim, number: usize) -> Result<String, Failure> {
        let order = self.order_of(victim, number).await?;
        let sent = order.and_then(|order| {
            let sent = order.parcels.iter().find(|one| one.state == ParcelState::CodeSent);
            sent.map(|parcel| (order.id.clone(), parcel.id.clone()))
        });
        let Some((order, parcel)) = sent else { return Ok("night-no-code".to_owned()) };
        self.move_parcel(&order, &parcel, crate::carrier::Move::Redeem).await?;
        Ok("night-redeemed".to_owned())
    }
}

impl Shop {
    /// Hands are remembered from act to act, as browsers are.
    fn remember(&self, key: &'static str, hand: &Hand) {
        self.stage.hands().insert(key, hand.clone());
    }

    fn remembered(&self, key: &str) -> Option<Hand> {
        self.stage.hands().get(key).cloned()
    }
}
