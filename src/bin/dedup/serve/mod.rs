//! From an index to a web desk and an HTTP API over it, as long as it is wanted.
//!
//! A request passes the [gate], which knows [tokens], [rates](rate) and [limits](desk), and comes
//! by the [routes] to one function of the [api] or a [page](pages). Questions go to a pool of
//! [readers], and [rows] that they made are kept; steps go to one [writer]. A [feed] follows the index
//! and tells what comes in, [words] are listed for whoever searches, and a [webhook] is told the news.
//! Whatever goes wrong is a [problem] in a sentence.

mod api;
mod desk;
mod feed;
mod gate;
mod handled;
mod intake;
mod listener;
mod metrics;
mod news;
mod pages;
mod problem;
mod rate;
mod readers;
mod routes;
mod rows;
mod tokens;
mod webhook;
mod words;
mod writer;

use crate::args::GlobalArgs;
use crate::args::serve::ServeArgs;
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::messages;
use dedup::index::PATIENCE;
use dedup::{Config, Index};
use desk::Desk;
use feed::Feed;
use listener::{Door, Peer};
use rate::Rate;
use readers::Readers;
use std::future::{Future, IntoFuture};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokens::Tokens;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use webhook::Webhook;
use writer::Writer;

/// How long what is in hand may take after the server was told to stop, beyond the limit of a
/// request.
const GRACE: Duration = Duration::from_secs(5);

pub(crate) fn run(args: &ServeArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    let tokens = Tokens::of(args)?;
    let webhook = args.webhook.as_deref().map(Webhook::of).transpose()?.map(Arc::new);
    let (writer, thread) = if tokens.let_write() {
        let index = if args.index.exists() {
            Index::open(&args.index, PATIENCE)?
        } else {
            Index::open_or_create(&args.index, &Config::default())?
        };
        let (writer, thread) =
            Writer::start(index.taking_turns(PATIENCE)).map_err(|error| cannot("start", &error))?;
        (Some(writer), Some(thread))
    } else {
        (None, None)
    };
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).clamp(2, 8);
    let config = Index::open_read_only(&args.index)?.config().clone();
    let newsrooms = config::newsrooms(&args.publishers, &config)?;
    let readers = Readers::open(args.index.clone(), newsrooms, threads)?;
    let desk = Arc::new(Desk {
        config,
        readers,
        rows: Arc::default(),
        writer: Mutex::new(writer),
        tokens,
        on_loopback: args.listen.ip().is_loopback(),
        rate: Rate::new(args.rate),
        time_limit: Duration::from_secs(args.time_limit),
        max_body: usize::try_from(args.max_body.0).unwrap_or(usize::MAX),
        metrics: metrics::Metrics::default(),
        feed: Feed::new(),
        sources: desk::Remembered::default(),
        webhook,
        handled: handled::Handled::beside(&args.index),
        grown: Notify::new(),
        stop: watch::Sender::new(false),
        logs: !global.quiet,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .max_blocking_threads(threads + 16)
        .enable_all()
        .build()
        .map_err(|error| cannot("start", &error))?;
    let served = runtime.block_on(serve(Arc::clone(&desk), args));
    // No new step is taken; those in hand are done before the thread ends.
    desk.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
    runtime.shutdown_timeout(GRACE);
    if let Some(thread) = thread {
        let _ = thread.join();
    }
    // With it go all handles. In a folder that cannot be written no journal is left by us.
    drop(desk);
    let _ = Index::bring_in(&args.index);
    served.map(|()| ExitCode::Done)
}

fn cannot(what: &str, error: &std::io::Error) -> Failure {
    Failure::Fatal(format!("cannot {what}: {error}"))
}

async fn serve(desk: Arc<Desk>, args: &ServeArgs) -> Result<(), Failure> {
    let listen = |error| cannot(&format!("listen on {}", args.listen), &error);
    let listener = TcpListener::bind(args.listen).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let asked_to_stop = asked_to_stop().map_err(|error| cannot("wait for signals", &error))?;
    messages::say(&format!("listening on http://{address}"));
    tokio::spawn(Feed::follow(Arc::clone(&desk)));
    if let Some(hook) = &desk.webhook {
        tokio::spawn(webhook::follow(Arc::clone(&desk), Arc::clone(hook), desk.feed.subscribe()));
    }
    tokio::spawn(words::keep(Arc::clone(&desk), args.index.clone()));
    tokio::spawn(api::clusters::warm(Arc::clone(&desk.readers), Arc::clone(&desk.rows)));
    let stop = {
        let desk = Arc::clone(&desk);
        async move {
            asked_to_stop.await;
            messages::say("stopping");
            desk.stop.send_replace(true);
        }
    };
    let service = routes::router(Arc::clone(&desk)).into_make_service_with_connect_info::<Peer>();
    let serving = axum::serve(Door::new(listener), service).with_graceful_shutdown(stop).into_future();
    let mut stopped = desk.stop.subscribe();
    let too_late = async {
        let _ = stopped.wait_for(|stop| *stop).await;
        tokio::time::sleep(desk.time_limit + GRACE).await;
    };
    tokio::select! {
        served = serving => served.map_err(|error| cannot("serve", &error)),
        () = too_late => Ok(()),
    }
}

/// Waits for an interrupt or an order to end. The signals are waited for from the moment this
/// returns.
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut end) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = end.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    {
        Ok(async {
            let _ = tokio::signal::ctrl_c().await;
        })
    }
}
