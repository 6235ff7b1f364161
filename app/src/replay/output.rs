//! Decisions on their way out: written on a thread of its own, for judging has the most to do.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use domain::decision::Assessment;
use domain::policy::Policy;

use super::line::{Codes, Line};

/// Decisions that travel together.
const BATCH: usize = 256;
/// Batches on the way.
const IN_FLIGHT: usize = 4;
/// Bytes of lines gathered before they are written.
const OUT_BYTES: usize = 256 * 1024;

/// Decisions by one policy, in their order.
struct Batch {
    policy: Arc<Policy>,
    judged: Vec<(String, Assessment)>,
}

/// Where decisions go, one a line.
pub(super) struct Output {
    batch: Batch,
    /// Ends the thread when it is dropped.
    batches: Option<SyncSender<Batch>>,
    /// Written ones, to use again.
    written: Receiver<Vec<(String, Assessment)>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Output {
    /// Writes to `out` from now on.
    pub(super) fn new(out: Box<dyn Write + Send>, policy: Arc<Policy>) -> Self {
        let (batches, taken) = sync_channel::<Batch>(IN_FLIGHT);
        let (spare, written) = sync_channel(IN_FLIGHT);
        let thread = std::thread::spawn(move || write_batches(&taken, &spare, out));
        let batch = Batch { policy, judged: Vec::new() };
        Self { batch, batches: Some(batches), written, thread: Some(thread) }
    }

    /// Names rules by `policy` from here on.
    pub(super) fn put_in_force(&mut self, policy: Arc<Policy>) -> io::Result<()> {
        if !Arc::ptr_eq(&policy, &self.batch.policy) {
            self.hand_over()?;
            self.batch.policy = policy;
        }
        Ok(())
    }

    /// Takes one decision. An error may be that of an earlier one.
    pub(super) fn add(&mut self, event_id: String, judged: Assessment) -> io::Result<()> {
        self.batch.judged.push((event_id, judged));
        if self.batch.judged.len() < BATCH { Ok(()) } else { self.hand_over() }
    }

    fn hand_over(&mut self) -> io::Result<()> {
        let spare = self.written.try_recv().unwrap_or_else(|_| Vec::with_capacity(BATCH));
        let judged = std::mem::replace(&mut self.batch.judged, spare);
        let batch = Batch { policy: Arc::clone(&self.batch.policy), judged };
        let sent = self.batches.as_ref().map(|batches| batches.send(batch));
        // Nobody listens any more: the thread ended with an error.
        if matches!(sent, Some(Ok(()))) { Ok(()) } else { self.end() }
    }

    /// Writes what is left.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.hand_over()?;
        self.end()
    }

    fn end(&mut self) -> io::Result<()> {
        self.batches = None;
        let ended = self.thread.take().map(JoinHandle::join);
        ended.unwrap_or(Ok(Ok(()))).unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))
    }
}

fn write_batches(
    taken: &Receiver<Batch>,
    spare: &SyncSender<Vec<(String, Assessment)>>,
    mut out: Box<dyn Write + Send>,
) -> io::Result<()> {
    let (mut lines, codes) = (Vec::new(), &Codes::default());
    for Batch { policy, mut judged } in taken {
        for (event_id, assessment) in &judged {
            Line { event_id, assessment, policy: &policy, codes }.write(&mut lines)?;
        }
        judged.clear();
        // Where enough are spare already it is dropped.
        let _ = spare.try_send(judged);
        if lines.len() >= OUT_BYTES {
            out.write_all(&lines)?;
            lines.clear();
        }
    }
    out.write_all(&lines)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes, then is full.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn write(decisions: usize, out: Full) -> io::Result<()> {
        let mut output = Output::new(Box::new(out), Arc::default());
        for number in 0..decisions {
            output.add(format!("e{number}"), Assessment::default())?;
        }
        output.finish()
    }

    #[test]
    fn a_full_disk_ends_the_writing_with_its_error() {
        for decisions in [1, BATCH, 100 * BATCH] {
            assert!(write(decisions, Full(usize::MAX)).is_ok());
            let error = write(decisions, Full(10)).map_err(|error| error.kind());
            assert_eq!(error, Err(io::ErrorKind::StorageFull), "{decisions}");
        }
    }
}
