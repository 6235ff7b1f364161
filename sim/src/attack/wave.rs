//! Guesses by the hundred.

use std::sync::Arc;

use super::Incident;
use super::takeover::Intruder;
use crate::device::Device;
use crate::dice::{Dice, mix};
use crate::network::{self, Kind};
use crate::step::{Account, HOUR, MINUTE, SECOND, Scene, Step, What};

impl Incident<'_> {
    /// One guess of a wave; of those that fit, half are used hours later from elsewhere.
    pub(super) fn stuffing(&mut self) -> Vec<Step> {
        // One address for about three guesses: a rented pool of homes, some servers.
        let mut source = Dice::of(self.plan.key, &[0x1b, self.number / 3]);
        let network = if source.chance(0.25) {
            network::draw(Kind::Hosting, "US", &mut source)
        } else {
            network::residential(&mut source)
        };
        let ip = network.any_address(&mut source);
        let device = self.tool();
        if self.dice.chance(0.3) {
            return vec![self.guess_at_nobody(device, ip)];
        }
        let victim = self.victim();
        let fits = self.dice.chance(0.03);
        let day = self.world.day(self.at);
        let secret = if fits { victim.secret(day) } else { self.dice.bits() };
        let mut intruder = Intruder::new(self, &victim, ip, device);
        intruder.present(fits, secret);
        if fits && self.dice.chance(0.5) {
            let later = self.at + self.dice.between(HOUR, 20 * HOUR);
            let proxy = network::draw(Kind::Fixed, "JP", &mut self.dice);
            let ip = proxy.any_address(&mut self.dice);
            let device = Device::computer(self.dice.bits());
            let mut user = Intruder::new(self, &victim, ip, device);
            user.at = later;
            user.sign_in(&victim);
            user.wait(2 * MINUTE, 20 * MINUTE);
            user.buy_gift_cards(&victim, 1);
            intruder.steps.append(&mut user.steps);
        }
        intruder.steps
    }

    /// One guess of one of three passwords, slowly, from forty addresses.
    pub(super) fn spraying(&mut self) -> Vec<Step> {
        let mut source = Dice::of(self.plan.key, &[0x2b, self.number % 40]);
        let ip = network::draw(Kind::Hosting, "NL", &mut source).any_address(&mut source);
        let secret = mix(self.plan.key, &[0x5c, self.number * 3 / self.plan.incidents.max(1)]);
        let device = self.tool();
        if self.dice.chance(0.1) {
            return vec![self.guess_at_nobody(device, ip)];
        }
        let victim = self.victim();
        let fits = self.dice.chance(0.02);
        let mut intruder = Intruder::new(self, &victim, ip, device);
        intruder.present(fits, secret);
        if fits {
            intruder.wait(10 * MINUTE, HOUR);
            intruder.buy_gift_cards(&victim, 1);
        }
        intruder.steps
    }

    /// One account, tens to hundreds of passwords; a third are guessed in the end.
    pub(super) fn brute_force(&mut self) -> Vec<Step> {
        let victim = self.victim();
        let sources: Vec<_> = (0..=self.dice.below(3))
            .map(|_| network::draw(Kind::Hosting, "DE", &mut self.dice).any_address(&mut self.dice))
            .collect();
        let device = self.tool();
        let tries = 40 + self.dice.below(160);
        let mut steps = Vec::new();
        let mut at = self.at;
        for _ in 0..tries {
            let ip = *self.dice.pick(&sources);
            let mut intruder = Intruder::new(self, &victim, ip, device);
            at += intruder.dice.between(5 * SECOND, MINUTE);
            intruder.at = at;
            let secret = intruder.dice.bits();
            intruder.present(false, secret);
            steps.append(&mut intruder.steps);
        }
        if self.dice.chance(0.35) {
            let ip = *self.dice.pick(&sources);
            let mut intruder = Intruder::new(self, &victim, ip, device);
            intruder.at = at + 30 * SECOND;
            intruder.sign_in(&victim);
            intruder.wait(MINUTE, 10 * MINUTE);
            intruder.buy_to_sell_on(&victim, None);
            steps.append(&mut intruder.steps);
        }
        steps
    }

    /// What a wave is run with: a script now and then, else something that looks like a browser.
    fn tool(&mut self) -> Device {
        if self.plan.key.is_multiple_of(3) {
            Device::script()
        } else {
            Device::computer(self.plan.key)
        }
        .imitated()
    }

    fn guess_at_nobody(&mut self, device: Device, ip: std::net::IpAddr) -> Step {
        let account = Account {
            id: format!("{:x}@leak.example", self.dice.bits() >> 24),
            email: None,
            phone: None,
            registered_at: None,
            roles: &[],
        };
        let user_agent = device.user_agent(self.world.day(self.at));
        let scene = Scene { number: None, account, session: None, ip, user_agent, token: None };
        let what = What::Login { succeeded: false, passkey: false, secret: self.dice.bits() };
        Step { at: self.at, scene: Arc::new(scene), what, attack: Some(self.plan.attack) }
    }
}
