//! What every implementation of [`Checkpoints`] must do, as cases that panic where it does not.

use std::time::Duration;

use jiff::Timestamp;

use crate::ports::{Checkpoints, PortErrorKind, Watermark};

fn at(seconds: u64) -> Timestamp {
    Timestamp::constant(1_800_000_000, 0) + Duration::from_secs(seconds)
}

/// Leases, fencing and watermarks of one capture.
///
/// # Panics
/// Where the implementation breaks the contract.
pub async fn checkpoints_contract(checkpoints: &dyn Checkpoints) {
    let (capture, shard) = ("arn:aws:dynamodb:…/stream backup/", "shardId-01");
    let take = |worker: &'static str, now: u64, until: u64| {
        checkpoints.lease(capture, shard, worker, at(now), at(until))
    };

    // The first comes, the second waits.
    let first = take("a", 0, 60).await.ok().flatten();
    assert!(first.is_some(), "a free shard is given");
    let Some(first) = first else { return };
    assert_eq!(first.epoch, 1);
    assert_eq!(take("b", 30, 90).await, Ok(None), "the shard is held");
    assert_eq!(
        take("a", 30, 60).await,
        Ok(Some(first.clone())),
        "one's own"
    );

    // A lease that is renewed lasts.
    assert_eq!(checkpoints.renew(&first, at(120)).await, Ok(true));
    assert_eq!(take("b", 90, 150).await, Ok(None), "the lease was renewed");
    let mark = Watermark {
        sequence: Some("000000000000000000001".to_owned()),
        at: Some(at(5)),
        closed: false,
    };
    assert_eq!(checkpoints.save(&first, &mark).await, Ok(()));

    // When it ran out another one takes the shard, and the first can do nothing more.
    let second = take("b", 121, 180).await.ok().flatten();
    assert!(second.is_some(), "a shard whose lease ran out is given");
    let Some(second) = second else { return };
    assert_eq!(second.epoch, 2);
    assert_eq!(checkpoints.renew(&first, at(200)).await, Ok(false));
    let late = checkpoints.save(&first, &Watermark::default()).await;
    assert_eq!(
        late.map_err(|error| error.kind),
        Err(PortErrorKind::PreconditionFailed)
    );
    assert_eq!(checkpoints.release(&first).await, Ok(()), "does nothing");
    assert_eq!(take("c", 130, 190).await, Ok(None), "b still has it");

    // Taking back one's own lease after it ran out is a new one.
    let again = take("b", 181, 240).await.ok().flatten();
    assert_eq!(again.as_ref().map(|lease| lease.epoch), Some(3));
    assert_eq!(checkpoints.renew(&second, at(300)).await, Ok(false));

    // Given back, it is free at once; watermarks stay.
    let Some(again) = again else { return };
    let end = Watermark {
        closed: true,
        ..mark.clone()
    };
    assert_eq!(checkpoints.save(&again, &end).await, Ok(()));
    assert_eq!(checkpoints.release(&again).await, Ok(()));
    let next = take("c", 182, 240).await.ok().flatten();
    assert_eq!(next.map(|lease| lease.epoch), Some(4));

    let other = checkpoints
        .lease(capture, "shardId-02", "c", at(182), at(240))
        .await;
    assert!(matches!(other, Ok(Some(_))), "{other:?}");
    let elsewhere = checkpoints
        .lease("another capture", shard, "d", at(182), at(240))
        .await;
    assert!(matches!(elsewhere, Ok(Some(_))), "{elsewhere:?}");
    let mut lines = checkpoints.list(capture).await.unwrap_or_default();
    lines.sort_by(|one, other| one.shard.cmp(&other.shard));
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].shard, shard);
    assert_eq!(lines[0].worker.as_deref(), Some("c"));
    assert_eq!(lines[0].epoch, 4);
    assert_eq!(lines[0].until, at(240));
    assert_eq!(lines[0].watermark, end);
    assert_eq!(lines[1].watermark, Watermark::default());
}
