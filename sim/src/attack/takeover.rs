//! Somebody inside an account that is not theirs.

use std::net::IpAddr;
use std::sync::Arc;

use super::{Attack, Incident};
use crate::device::Device;
use crate::dice::{Dice, mix};
use crate::honest::{World, card, contacts};
use crate::network::{self, Kind};
use crate::person::Person;
use crate::shop::{GIFT_CARDS, Line, RESALE, SHELVES};
use crate::step::{DAY, HOUR, MINUTE, Order, Payment, SECOND, Scene, Step, What};

/// An intruder at work.
pub(crate) struct Intruder {
    world: World,
    attack: Attack,
    scene: Arc<Scene>,
    pub(crate) at: i64,
    pub(crate) dice: Dice,
    pub(crate) steps: Vec<Step>,
}

impl Intruder {
    pub(super) fn new(
        incident: &mut Incident<'_>,
        victim: &Person,
        ip: IpAddr,
        device: Device,
    ) -> Self {
        let (world, at) = (incident.world, incident.at);
        let dice = Dice::of(incident.dice.bits(), &[0x1d]);
        let mut intruder = Self::at(world, incident.plan.attack, victim, at, dice);
        intruder.comes_from(ip, device);
        intruder
    }

    /// An intruder in `victim`'s account, from nowhere yet.
    pub(crate) fn at(
        world: World,
        attack: Attack,
        victim: &Person,
        at: i64,
        mut dice: Dice,
    ) -> Self {
        let scene = world.visit(victim, at, &mut dice);
        Self { world, attack, scene: Arc::new(scene), at, dice, steps: Vec::new() }
    }

    /// Comes from this address with this device, in a session of their own.
    pub(crate) fn comes_from(&mut self, ip: IpAddr, device: Device) {
        let user_agent = device.user_agent(self.world.day(self.at));
        let session = Some(self.dice.bits() >> 16);
        self.scene = Arc::new(Scene {
            ip,
            user_agent,
            token: device.token,
            session,
            ..Scene::clone(&self.scene)
        });
    }

    pub(crate) fn push(&mut self, what: What) {
        let (scene, attack) = (Arc::clone(&self.scene), Some(self.attack));
        self.steps.push(Step { at: self.at, scene, what, attack });
    }

    pub(crate) fn wait(&mut self, low: i64, high: i64) {
        self.at += self.dice.between(low, high);
    }

    pub(super) fn present(&mut self, succeeded: bool, secret: u64) {
        self.push(What::Login { succeeded, passkey: false, secret });
    }

    pub(crate) fn sign_in(&mut self, victim: &Person) {
        self.present(true, victim.secret(self.world.day(self.at)));
    }

    pub(crate) fn change(&mut self, kind: &'static str, field: &'static str, to: [String; 2]) {
        let [old, new] = to;
        let mut scene = Scene::clone(&self.scene);
        match field {
            "email" => scene.account.email = Some(new.clone()),
            "phone" => scene.account.phone = Some(new.clone()),
            _ => {}
        }
        self.push(What::Change { kind, change: Some((field, old, new)) });
        self.scene = Arc::new(scene);
    }

    pub(crate) fn order(&mut self, lines: Vec<Line>, address: Option<u64>, payment: Payment) {
        let order = Order { lines, address, own_name: false, payment };
        let amount = order.amount();
        self.push(What::Order(Box::new(order)));
        self.wait(SECOND, 5 * SECOND);
        self.push(What::Payment { payment, amount });
    }

    /// The victim's stored card, or the one the victim types in.
    pub(crate) fn victims_card(&self, victim: &Person) -> Payment {
        card(victim.card(self.world.day(self.at)), true)
    }

    pub(super) fn buy_gift_cards(&mut self, victim: &Person, times: u64) {
        for _ in 0..times {
            let pieces = 1 + u32::try_from(self.dice.below(3)).unwrap_or_default();
            let lines = vec![GIFT_CARDS.line(1.0, pieces, &mut self.dice)];
            let payment = self.victims_card(victim);
            self.order(lines, None, payment);
            self.wait(MINUTE, 20 * MINUTE);
        }
    }

    pub(super) fn buy_to_sell_on(&mut self, victim: &Person, address: Option<u64>) {
        let dear = self.dice.pick(&RESALE);
        let lines = vec![dear.line(1.0, 1, &mut self.dice)];
        let address = address.unwrap_or_else(|| self.dice.bits());
        let payment = self.victims_card(victim);
        self.order(lines, Some(address), payment);
    }
}

impl Incident<'_> {
    pub(super) fn foreign(&mut self) -> Vec<Step> {
        let network = network::residential(&mut self.dice);
        let victim = self.victim();
        let mut intruder = self.stranger_from(network, &victim);
        intruder.sign_in(&victim);
        intruder.wait(2 * MINUTE, 30 * MINUTE);
        intruder.buy_to_sell_on(&victim, None);
        intruder.steps
    }

    pub(super) fn vpn_in_country(&mut self) -> Vec<Step> {
        let kind = if self.dice.chance(0.7) { Kind::Vpn } else { Kind::Hosting };
        let network = network::draw(kind, "JP", &mut self.dice);
        let victim = self.victim();
        let mut intruder = self.stranger_from(network, &victim);
        intruder.sign_in(&victim);
        intruder.wait(5 * MINUTE, 30 * MINUTE);
        intruder.buy_to_sell_on(&victim, None);
        intruder.steps
    }

    /// Same town, same provider, same browser, at an hour when the victim is up.
    pub(super) fn targeted(&mut self) -> Vec<Step> {
        let victim = self.victim();
        let midnight = self.at - (self.at - self.world.begins_at).rem_euclid(DAY);
        self.at = midnight + self.dice.between(10 * HOUR, 22 * HOUR);
        let day = self.world.day(self.at);
        let (network, town) = victim.home(day);
        #[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
        let ip = network.address(town, self.dice.bits() as u32);
        let device =
            if victim.computer_share > 0.5 { victim.computer(day) } else { victim.phone(day) };
        let mut intruder = Intruder::new(self, &victim, ip, device.imitated());
        intruder.sign_in(&victim);
        intruder.wait(3 * MINUTE, 15 * MINUTE);
        if self.dice.chance(0.5) {
            let (email, _) = contacts(self.dice.bits());
            intruder.change("profile.email_changed", "email", [victim.email(day), email]);
            intruder.wait(MINUTE, 10 * MINUTE);
        }
        intruder.buy_to_sell_on(&victim, None);
        intruder.steps
    }

    /// A copied cookie: no sign-in; half of the thieves send the victim's user agent too.
    pub(super) fn session_theft(&mut self) -> Vec<Step> {
        let victim = self.victim();
        let day = self.world.day(self.at);
        let network = network::residential(&mut self.dice);
        let ip = network.any_address(&mut self.dice);
        let own = Device::computer(self.dice.bits()).imitated();
        // The cookie that carries the device token comes along with the session's.
        let device = if self.dice.chance(0.5) { victim.phone(day) } else { own };
        let mut intruder = Intruder::new(self, &victim, ip, device);
        let scene =
            Scene { session: Some(victim.open_session(day)), ..Scene::clone(&intruder.scene) };
        intruder.scene = Arc::new(scene);
        if self.dice.chance(0.5) {
            intruder.buy_gift_cards(&victim, 2);
        } else {
            intruder.buy_to_sell_on(&victim, None);
        }
        intruder.steps
    }

    pub(super) fn bulk_purchase(&mut self) -> Vec<Step> {
        let victim = self.victim();
        let midnight = self.at - (self.at - self.world.begins_at).rem_euclid(DAY);
        self.at = midnight + self.dice.between(21 * HOUR, 26 * HOUR);
        let network = network::draw(Kind::Fixed, "JP", &mut self.dice);
        let mut intruder = self.stranger_from(network, &victim);
        intruder.sign_in(&victim);
        let address = self.dice.bits();
        for _ in 0..6 + self.dice.below(9) {
            intruder.wait(4 * MINUTE, 40 * MINUTE);
            if self.dice.chance(0.5) {
                intruder.buy_gift_cards(&victim, 1);
            } else {
                intruder.buy_to_sell_on(&victim, Some(address));
            }
        }
        intruder.steps
    }

    /// Cards of third persons: added, tried with small sums, mostly declined.
    pub(super) fn card_testing(&mut self) -> Vec<Step> {
        let victim = self.victim();
        let network = network::draw(Kind::Hosting, "US", &mut self.dice);
        let mut intruder = self.stranger_from(network, &victim);
        intruder.sign_in(&victim);
        let address = victim.address(self.world.day(self.at));
        for _ in 0..8 + self.dice.below(13) {
            intruder.wait(20 * SECOND, 3 * MINUTE);
            let mut tried = card(self.dice.bits(), false);
            tried.three_ds = Some("not_attempted");
            intruder.push(What::CardAdded(tried));
            intruder.wait(5 * SECOND, 30 * SECOND);
            tried.declined = self.dice.chance(0.8);
            let amount = self.dice.between(1, 6) * 100;
            let any = self.dice.pick(&SHELVES);
            let lines = vec![Line::exactly(any, "見本", amount, None)];
            intruder.order(lines, Some(address), tried);
        }
        intruder.steps
    }

    /// One of many accounts that all send to the same three addresses.
    pub(super) fn mule_address(&mut self) -> Vec<Step> {
        let victim = self.victim();
        let network = network::draw(Kind::Fixed, "JP", &mut self.dice);
        let mut intruder = self.stranger_from(network, &victim);
        intruder.sign_in(&victim);
        intruder.wait(3 * MINUTE, 30 * MINUTE);
        let mule = mix(self.plan.key, &[0x3d, self.dice.below(3)]);
        intruder.buy_to_sell_on(&victim, Some(mule));
        intruder.steps
    }

    pub(super) fn change_then_revert(&mut self) -> Vec<Step> {
        let victim = self.victim();
        let day = self.world.day(self.at);
        let network = network::residential(&mut self.dice);
        let mut intruder = self.stranger_from(network, &victim);
        intruder.sign_in(&victim);
        intruder.wait(2 * MINUTE, 8 * MINUTE);
        let (theirs, own) = (victim.email(day), contacts(self.dice.bits()).0);
        intruder.change("profile.email_changed", "email", [theirs.clone(), own.clone()]);
        intruder.wait(3 * MINUTE, 15 * MINUTE);
        intruder.buy_to_sell_on(&victim, None);
        intruder.wait(HOUR, 9 * HOUR);
        intruder.change("profile.email_changed", "email", [own, theirs]);
        intruder.steps
    }

    pub(super) fn payout_change(&mut self) -> Vec<Step> {
        let seller = (0..2_000).map(|_| self.victim()).find(|person| person.seller);
        let Some(victim) = seller else { return Vec::new() };
        let kind = if self.dice.chance(0.6) { Kind::Vpn } else { Kind::Fixed };
        let network = network::draw(kind, "JP", &mut self.dice);
        let mut intruder = self.stranger_from(network, &victim);
        intruder.sign_in(&victim);
        intruder.wait(2 * MINUTE, 20 * MINUTE);
        let accounts = [victim.bank(), self.dice.bits()].map(|key| format!("bank-{key:x}"));
        intruder.change("payout.account_changed", "bank_account", accounts);
        intruder.wait(MINUTE, 2 * HOUR);
        intruder.push(What::Payout(self.dice.between(200, 900) * 1_000));
        intruder.steps
    }

    /// Somebody with a computer of their own.
    fn stranger_from(&mut self, network: &network::Network, victim: &Person) -> Intruder {
        let ip = network.any_address(&mut self.dice);
        let device = Device::computer(self.dice.bits());
        Intruder::new(self, victim, ip, device)
    }
}
