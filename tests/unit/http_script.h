#ifndef HTTP_SCRIPT_H
#define HTTP_SCRIPT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/net_pace.h"

/*
 * A server on 127.0.0.1 that says exactly the bytes a test wants, on a thread
 * for each connection, and keeps what it was asked. Nothing of it understands
 * HTTP beyond the end of a request.
 */
#define SCRIPT_SEEN 64
#define SCRIPT_PEERS 64

struct script_request {
	char head[2048];
	char body[4096];
	size_t len;
	unsigned connection; /* the how many-th, from 0 */
	uint64_t at;	     /* when it had come, ms */
};

struct script;
/* Answers the request number nth; false closes the connection. */
typedef bool script_fn(struct script *script, int fd, unsigned nth);

struct script {
	script_fn *answer;
	const void *arg;
	int listener;
	unsigned port;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct script_request seen[SCRIPT_SEEN];
	unsigned requests, connections;
	unsigned begun, busy, most; /* for answers that count themselves */
	bool over;
	struct script_peer {
		struct script *script;
		pthread_t thread;
		int fd;
		unsigned number;
	} peers[SCRIPT_PEERS];
};

static inline void
script_send(int fd, const char *bytes, size_t len)
{
	ssize_t sent;

	for (; len > 0; bytes += sent, len -= (size_t)sent) {
		sent = send(fd, bytes, len, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
	}
}

static inline void __attribute__((format(printf, 2, 3)))
script_say(int fd, const char *fmt, ...)
{
	char text[8192];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	script_send(fd, text, strlen(text));
}

/* A whole answer, with its length; the connection stays open. */
static inline bool
script_reply(int fd, int status, const char *headers, const char *body)
{
	script_say(fd,
	    "HTTP/1.1 %d Text\r\nContent-Type: application/json\r\n%s"
	    "Content-Length: %zu\r\n\r\n%s",
	    status, headers, strlen(body), body);
	return true;
}

/* Ends a connection with RST instead of FIN. */
static inline bool
script_reset(int fd)
{
	const struct linger now = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	return false;
}

/* Waits for the client to close, or for the server's end. */
static inline bool
script_silence(int fd)
{
	char byte;

	while (recv(fd, &byte, 1, 0) > 0)
		;
	return false;
}

/* Reads one request; false when the connection has ended. */
static inline bool
script_read(int fd, struct script_request *request)
{
	size_t len = 0, need, got = 0;
	const char *line;
	ssize_t one;

	memset(request, 0, sizeof(*request));
	while (strstr(request->head, "\r\n\r\n") == NULL) {
		if (len + 1 == sizeof(request->head) ||
		    recv(fd, request->head + len, 1, 0) != 1)
			return false;
		len++;
	}
	line = strcasestr(request->head, "\r\nContent-Length:");
	need = line == NULL ? 0 : strtoul(line + 17, NULL, 10);
	for (; got < need; got += (size_t)one) {
		if (got == sizeof(request->body))
			return false;
		one = recv(
		    fd, request->body + got, sizeof(request->body) - got, 0);
		if (one <= 0)
			return false;
	}
	request->len = got;
	return true;
}

static inline void *
script_serve(void *arg)
{
	struct script_peer *peer = arg;
	struct script *script = peer->script;
	struct script_request request;
	unsigned nth;
	bool more = true;

	while (more && script_read(peer->fd, &request)) {
		request.connection = peer->number;
		request.at = net_pace_now();
		pthread_mutex_lock(&script->lock);
		nth = script->requests++;
		if (nth < SCRIPT_SEEN)
			script->seen[nth] = request;
		pthread_cond_broadcast(&script->changed);
		pthread_mutex_unlock(&script->lock);
		if (script->answer == NULL)
			more = script_reply(peer->fd, 200, "", "{}");
		else
			more = script->answer(script, peer->fd, nth);
	}
	pthread_mutex_lock(&script->lock);
	close(peer->fd);
	peer->fd = -1;
	pthread_mutex_unlock(&script->lock);
	return NULL;
}

static inline void *
script_accept(void *arg)
{
	struct script *script = arg;
	struct script_peer *peer;
	int fd;

	while ((fd = accept(script->listener, NULL, NULL)) >= 0) {
		pthread_mutex_lock(&script->lock);
		if (script->over || script->connections == SCRIPT_PEERS) {
			close(fd);
			pthread_mutex_unlock(&script->lock);
			continue;
		}
		peer = &script->peers[script->connections];
		peer->script = script;
		peer->fd = fd;
		peer->number = script->connections++;
		pthread_create(&peer->thread, NULL, script_serve, peer);
		pthread_mutex_unlock(&script->lock);
	}
	return NULL;
}

/* Waits until so many answers have begun; false after ten seconds. */
static inline bool
script_await(struct script *script, unsigned begun)
{
	struct timespec end;
	int rc = 0;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 10;
	pthread_mutex_lock(&script->lock);
	while (rc == 0 && script->begun < begun)
		rc = pthread_cond_timedwait(
		    &script->changed, &script->lock, &end);
	pthread_mutex_unlock(&script->lock);
	return rc == 0;
}

static inline struct script *
script_start(script_fn *answer, const void *arg)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	struct script *script;

	script = calloc(1, sizeof(*script));
	if (script == NULL)
		abort();
	script->answer = answer;
	script->arg = arg;
	pthread_mutex_init(&script->lock, NULL);
	pthread_cond_init(&script->changed, NULL);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	script->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (script->listener < 0 ||
	    bind(script->listener, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(script->listener, 64) != 0 ||
	    getsockname(script->listener, (struct sockaddr *)&at, &len) != 0 ||
	    pthread_create(&script->thread, NULL, script_accept, script) != 0)
		abort();
	script->port = ntohs(at.sin_port);
	return script;
}

/* Ends all connections; what was seen stays until script_free(). */
static inline void
script_stop(struct script *script)
{
	unsigned i;

	pthread_mutex_lock(&script->lock);
	script->over = true;
	pthread_mutex_unlock(&script->lock);
	shutdown(script->listener, SHUT_RDWR);
	pthread_join(script->thread, NULL);
	close(script->listener);
	pthread_mutex_lock(&script->lock);
	for (i = 0; i < script->connections; i++)
		if (script->peers[i].fd >= 0)
			shutdown(script->peers[i].fd, SHUT_RDWR);
	pthread_mutex_unlock(&script->lock);
	for (i = 0; i < script->connections; i++)
		pthread_join(script->peers[i].thread, NULL);
}

static inline void
script_free(struct script *script)
{
	pthread_mutex_destroy(&script->lock);
	pthread_cond_destroy(&script->changed);
	free(script);
}

#endif
