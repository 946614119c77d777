//! Appends that wait for SQLite's one writer are written in one transaction: beginning and ending one takes longer than
//! what it writes.

use std::sync::{Arc, Mutex, PoisonError};

use tidemark_runs::{Append, StoreError};
use tokio::sync::oneshot;

use super::{
    append::{Moved, rows, update},
    failed,
};
use crate::db::{Db, Sql, Tx};

/// So many are written at once; others that write wait no longer than that.
const MOST: usize = 64;

type Answer = Result<Option<Moved>, StoreError>;
/// An append, and who waits for it.
type Entry = (Arc<Append>, oneshot::Sender<Answer>);

/// The appends that wait.
#[derive(Clone, Debug, Default)]
pub(crate) struct Together(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    /// A task is writing, and looks here before it ends.
    busy: bool,
    appends: Vec<Entry>,
}

impl Together {
    /// Appends, perhaps with others, and answers where the log of the run ends then; nothing where the writer was
    /// fenced off.
    pub(super) async fn write(&self, db: &Db, append: Arc<Append>) -> Answer {
        let (sender, answer) = oneshot::channel();
        if self.put(append, sender) {
            // Not in the caller's task: were that dropped, the others would not know what became of theirs.
            let writing = Writing {
                together: self.clone(),
                done: false,
            };
            tokio::spawn(writing.write_all(db.clone()));
        }
        answer
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable("the process is ending".into())))
    }

    /// Whether someone has to be found to write it.
    fn put(&self, append: Arc<Append>, answer: oneshot::Sender<Answer>) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.appends.push((append, answer));
        !std::mem::replace(&mut waiting.busy, true)
    }

    /// What is written next. Once there is nothing, the next that comes finds someone again.
    fn take(&self) -> Option<Vec<Entry>> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.appends.len().min(MOST);
        waiting.busy = count > 0;
        waiting
            .busy
            .then(|| waiting.appends.drain(..count).collect())
    }
}

/// The task that writes. Where it ends before its time, with its runtime, those who wait hear of it.
struct Writing {
    together: Together,
    /// Nothing waited when it looked last: what came since has found another.
    done: bool,
}

impl Drop for Writing {
    fn drop(&mut self) {
        while !self.done && self.together.take().is_some() {}
    }
}

impl Writing {
    async fn write_all(mut self, db: Db) {
        while let Some(batch) = self.together.take() {
            let (appends, answers): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
            for (answer, written) in answers.into_iter().zip(write_batch(&db, &appends).await) {
                // Who has gone does not ask.
                drop(answer.send(written));
            }
        }
        self.done = true;
    }
}

/// Writes all in one transaction, or, where that fails, each by itself: so that one which cannot be written does not
/// keep the others from it.
async fn write_batch(db: &Db, appends: &[Arc<Append>]) -> Vec<Answer> {
    if appends.len() > 1
        && let Ok(written) = write_in_one(db, appends).await
    {
        return written.into_iter().map(Ok).collect();
    }
    let mut answers = Vec::with_capacity(appends.len());
    for append in appends {
        answers.push(write_alone(db, append).await);
    }
    answers
}

async fn write_in_one(db: &Db, appends: &[Arc<Append>]) -> Result<Vec<Option<Moved>>, StoreError> {
    let mut tx = db.begin().await.map_err(failed)?;
    let mut written = Vec::with_capacity(appends.len());
    for append in appends {
        written.push(write_one(&mut tx, append).await?);
    }
    tx.commit().await.map_err(failed)?;
    Ok(written)
}

async fn write_alone(db: &Db, append: &Append) -> Answer {
    // Most runs that wake find nothing new and sleep again.
    if append.events.is_empty() {
        return db.change(update(append)?).await.map_err(failed);
    }
    let mut tx = db.begin().await.map_err(failed)?;
    let moved = write_one(&mut tx, append).await?;
    tx.commit().await.map_err(failed)?;
    Ok(moved)
}

async fn write_one(tx: &mut Tx, append: &Append) -> Answer {
    let moved: Option<Moved> = tx.fetch_optional(update(append)?).await.map_err(failed)?;
    if moved.is_some() && !append.events.is_empty() {
        let mut log = Sql::new("INSERT INTO run_events (run_id, seq, event) VALUES ");
        log.rows(rows(append)?);
        tx.execute(log).await.map_err(failed)?;
    }
    Ok(moved)
}
