//! The events: made before the clock starts, as request bodies.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use doudi_rules::bundle::Bundle;
use doudi_sim::Load;
use serde_json::Value;

use crate::asked::Asked;
use crate::server::DAY;

/// Events in a batch of the opening and of the sustained phase.
pub(crate) const BATCH: usize = 500;
/// While alerts are timed, a batch goes out so often.
const BEAT: Duration = Duration::from_millis(10);
/// One in so many of those batches holds a bill that must raise an alert.
const ALERT_EVERY: usize = 10;
/// Of a thousand events of the sustained phase, so many raise an alert.
const RAISING_PER_MILLE: u32 = 2;
/// People in ten households of the simulation.
const PEOPLE_PER_TEN: u32 = 20;

/// What is sent while alerts are timed.
pub(crate) struct Plan {
    /// How often a batch goes out.
    pub(crate) beat: Duration,
    /// The batches, each with the household of which it must raise an alert, if it does.
    pub(crate) batches: Vec<(Vec<u8>, Option<String>)>,
}

/// Where events come from.
pub(crate) struct Feed {
    load: Load,
    raising: Load,
    /// Households of which an alert was raised on purpose.
    raised: BTreeSet<String>,
    /// Household by the identity number of a member.
    homes: BTreeMap<String, String>,
}

impl Feed {
    pub(crate) fn new(asked: &Asked) -> Feed {
        let bundle =
            Bundle::load(crate::files::of_bundle(concat!(env!("CARGO_MANIFEST_DIR"), "/../rules").as_ref())).unwrap();
        let households = asked.people * 10 / PEOPLE_PER_TEN;
        let load = Load::new(1, households, bundle.divisions(), DAY.parse().unwrap()).unwrap();
        Feed {
            raising: load.clone().raising(1000),
            load: load.raising(RAISING_PER_MILLE),
            raised: BTreeSet::new(),
            homes: BTreeMap::new(),
        }
    }

    pub(crate) fn households(&self) -> usize {
        self.load.world().population().households.len()
    }

    pub(crate) fn people(&self) -> usize {
        self.load.world().population().people.len()
    }

    /// Registrations, aid, and the sources' notes of what they delivered.
    pub(crate) fn opening(&mut self) -> Vec<Vec<u8>> {
        let lines: Vec<String> = self.load.opening().collect();
        for line in lines.iter().filter(|line| line.contains("cn.doudi.household.registered")) {
            let event: Value = serde_json::from_str(line).unwrap();
            let home = event["subject"].as_str().unwrap().trim_start_matches("household:");
            let ids = event["data"]["members"].as_array().unwrap().iter().filter_map(|member| member["id"].as_str());
            self.homes.extend(ids.map(|id| (id.to_owned(), home.to_owned())));
        }
        lines.chunks(BATCH).map(|lines| format!("[{}]", lines.join(",")).into_bytes()).collect()
    }

    /// Ordinary events, two in a thousand of which raise an alert, in batches.
    pub(crate) fn batches(&mut self, events: usize) -> Vec<Vec<u8>> {
        (0..events.div_ceil(BATCH)).map(|_| self.batch(BATCH)).collect()
    }

    fn batch(&mut self, events: usize) -> Vec<u8> {
        let mut body = String::with_capacity(events * 400);
        self.load.batch(events, &mut body);
        body.into_bytes()
    }

    /// Small batches at a steady rate, some with a bill that must raise an alert in a household that has had none.
    pub(crate) fn steady(&mut self, rate: usize, lasts: Duration) -> Plan {
        let in_a_beat = rate * usize::try_from(BEAT.as_millis()).unwrap() / 1000;
        let beats = usize::try_from(lasts.as_millis() / BEAT.as_millis()).unwrap();
        self.load = self.load.clone().raising(0);
        let batches = (0..beats)
            .map(|beat| {
                let raising = (beat % ALERT_EVERY == 0).then(|| self.alert());
                let mut body = self.batch(in_a_beat - usize::from(raising.is_some()));
                let home = raising.map(|(event, home)| {
                    body.pop();
                    body.push(b',');
                    body.extend_from_slice(event.as_bytes());
                    body.push(b']');
                    home
                });
                (body, home)
            })
            .collect();
        self.load = self.load.clone().raising(RAISING_PER_MILLE);
        Plan { beat: BEAT, batches }
    }

    /// A bill that raises an alert, and whose household it is.
    fn alert(&mut self) -> (String, String) {
        loop {
            let mut text = String::new();
            self.raising.event(&mut text);
            // Its name must not be one that the ordinary events use as well.
            let mut event: Value = serde_json::from_str(&text).unwrap();
            event["id"] = format!("alert-{}", event["id"].as_str().unwrap()).into();
            let home = event["subject"].as_str().and_then(|id| self.homes.get(id)).cloned();
            if let Some(home) = home
                && self.raised.insert(home.clone())
            {
                return (event.to_string(), home);
            }
        }
    }
}
