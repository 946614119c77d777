//! What was shown once, sent many times at once: by page and by API, to one console and to two.

use std::collections::BTreeSet;

use hyper::StatusCode;
use serde_json::{Value, json};
use tidemark_app::wizard::Wizard;
use tidemark_domain::RestoreRequest;

use super::{Estate, planned, postgres::Database, signed_in, succeeded};
use crate::process::{client::HttpClient, server::Process};

const TIMES: usize = 20;

/// Sends a restore that was planned as often as is asked, each second time by the page, in turns to each console.
async fn sent(consoles: &[HttpClient], request: &Value, plan: &Value) -> BTreeSet<String> {
    let wizard: RestoreRequest = serde_json::from_value(request.clone()).unwrap();
    let wizard = Wizard::of_request(&wizard).query().as_str().to_owned();
    let digest = plan["digest"].as_str().unwrap().to_owned();
    let mut sending = tokio::task::JoinSet::new();
    for time in 0..TIMES {
        let mut console = consoles[time / 2 % consoles.len()].clone();
        let start = json!({"request": request, "digest": digest});
        let (wizard, digest) = (wizard.clone(), digest.clone());
        sending.spawn(async move {
            if time % 2 == 0 {
                let (status, answer) = console.post("/api/v1/restores", &start).await;
                assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
                return answer["run"].as_str().unwrap().to_owned();
            }
            let form = [("wizard", wizard.as_str()), ("digest", &digest)];
            let (status, leads) = console.submit("/api/restore/start", &form).await;
            let run = leads.strip_prefix("/runs/");
            run.unwrap_or_else(|| panic!("{status}: {leads}"))
                .to_owned()
        });
    }
    sending.join_all().await.into_iter().collect()
}

async fn are_one_run(estate: &Estate, consoles: &mut [HttpClient]) {
    let (request, plan) = planned(&mut consoles[0], "orders-back").await;
    let runs = sent(consoles, &request, &plan).await;
    assert_eq!(runs.len(), 1, "{runs:?}");
    let run = runs.first().unwrap();
    succeeded(&mut consoles[0], run).await;
    // A form that is sent once more just afterwards leads to the same run.
    assert_eq!(sent(consoles, &request, &plan).await, runs);
    let (_, listed) = consoles[0].get("/api/v1/runs").await.unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(estate.calls("RestoreTableToPointInTime").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_sent_many_times_at_once_to_one_console_is_one_run() {
    let estate = Estate::new(None).await;
    let (_process, url) = Process::serve(&estate.endpoint, estate.data.path());
    are_one_run(&estate, &mut [signed_in(&url).await]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_sent_many_times_at_once_to_two_consoles_is_one_run() {
    let Some(database) = Database::create() else {
        return;
    };
    let estate = Estate::new(Some(database.url.clone())).await;
    let begin = || Process::answering(estate.command().args(["serve", "--listen", "127.0.0.1:0"]));
    let (first, second) = (begin(), begin());
    let near = signed_in(&first.1).await;
    let far = near.clone_for(&second.1);
    are_one_run(&estate, &mut [near, far]).await;
}
