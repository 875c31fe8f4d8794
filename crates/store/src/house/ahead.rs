//! The thread that reads ahead: it touches what the engine is about to read, so that the state's pages are in memory by
//! then. Nothing depends on it; when it falls behind, it leaves out what comes.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use doudi_model::fact::{Kind, Subject};

use super::engine::Queued;
use crate::entry::Body;
use crate::machine::Glance;
use crate::state::View;

/// Groups of entries that may wait.
const WAITING: usize = 2;

/// Whom an entry's facts are about, and what they say.
pub(crate) type Aims = Vec<(Subject, Kind)>;

/// Where the sequencer tells what is coming.
pub(crate) struct Ahead(Option<SyncSender<Aims>>);

impl Ahead {
    /// A way to tell, and where it is heard; for a machine that has no use of it, nowhere.
    pub(crate) fn new(wanted: bool) -> (Ahead, Option<Receiver<Aims>>) {
        if !wanted {
            return (Ahead(None), None);
        }
        let (tell, hear) = sync_channel(WAITING);
        (Ahead(Some(tell)), Some(hear))
    }

    pub(crate) fn tell(&self, queued: &[Queued]) {
        let Some(to) = &self.0 else { return };
        let admitted = queued.iter().filter_map(|entry| match &entry.body {
            Body::Admitted(admitted) => Some(&admitted.facts),
            _ => None,
        });
        let aims: Aims = admitted.flatten().map(|fact| (fact.subject.clone(), fact.kind.clone())).collect();
        if !aims.is_empty() {
            // Who is too slow to read ahead need not try.
            let _ = to.try_send(aims);
        }
    }
}

/// Reads until the sequencer is gone.
pub(crate) fn run(hear: &Receiver<Aims>, view: &View, glance: Glance) {
    while let Ok(aims) = hear.recv() {
        for (subject, kind) in aims {
            glance(view, &subject, &kind);
        }
    }
}
