// Sends NDJSON files as batches to the tracking API over many connections, as fast as it is answered or at a given rate,
// and prints what was acknowledged and how long it took. One thread; the files are mapped, never copied.
//
//   cc -O2 -o load bench/load.c
//   ./load --url 127.0.0.1:8080 --key WRITE_KEY [--connections 64] [--batch 100] [--seconds 0] [--rate EVENTS_PER_S] FILE...
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

typedef struct { char *start; size_t count; int events; } Batch;
typedef struct { int fd; struct iovec part[3]; int first; char head[256]; char in[4096]; size_t have; double sent; int events; int busy; } Connection;

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static int by_value(const void *a, const void *b) { double x = *(double *)a, y = *(double *)b; return x < y ? -1 : x > y; }

static const char b64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static void encode(const char *in, char *out) {
    size_t n = strlen(in);
    for (size_t i = 0; i < n; i += 3) {
        uint32_t v = (uint8_t)in[i] << 16 | (i + 1 < n ? (uint8_t)in[i + 1] << 8 : 0) | (i + 2 < n ? (uint8_t)in[i + 2] : 0);
        *out++ = b64[v >> 18]; *out++ = b64[v >> 12 & 63];
        *out++ = i + 1 < n ? b64[v >> 6 & 63] : '='; *out++ = i + 2 < n ? b64[v & 63] : '=';
    }
    *out = 0;
}

static Batch *batches; static size_t batch_count, next_batch;
static char auth[256], host[64]; static int port = 8080, batch_size = 100;

static void map_file(const char *path) {
    int fd = open(path, O_RDONLY); struct stat s;
    if (fd < 0 || fstat(fd, &s)) { perror(path); exit(1); }
    // Private: newlines become commas in our copy only.
    char *p = mmap(NULL, s.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0), *end = p + s.st_size;
    if (p == MAP_FAILED) { perror("mmap"); exit(1); }
    while (p < end) {
        Batch b = {p, 0, 0};
        while (b.events < batch_size && p < end) {
            char *line = memchr(p, '\n', end - p);
            if (!line) line = end;
            b.events++;
            b.count = line - b.start;
            if (line < end) *line = ',';
            p = line + 1;
        }
        batches = realloc(batches, (batch_count + 1) * sizeof *batches);
        batches[batch_count++] = b;
    }
    close(fd);
}

static int connect_one(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, host, &a.sin_addr);
    if (connect(fd, (void *)&a, sizeof a)) { perror("connect"); exit(1); }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void push(Connection *c) {
    while (c->first < 3) {
        ssize_t n = writev(c->fd, c->part + c->first, 3 - c->first);
        if (n < 0) { if (errno == EAGAIN) return; perror("write"); exit(1); }
        while (c->first < 3 && (size_t)n >= c->part[c->first].iov_len) n -= c->part[c->first++].iov_len;
        if (c->first < 3) { c->part[c->first].iov_base = (char *)c->part[c->first].iov_base + n; c->part[c->first].iov_len -= n; }
    }
}

static void begin(Connection *c) {
    Batch b = batches[next_batch++];
    int n = snprintf(c->head, sizeof c->head,
        "POST /v1/batch HTTP/1.1\r\nHost: %s\r\nAuthorization: Basic %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n{\"batch\":[",
        host, auth, b.count + 12);
    c->part[0] = (struct iovec){c->head, n}; c->part[1] = (struct iovec){b.start, b.count}; c->part[2] = (struct iovec){"]}", 2};
    c->first = 0; c->have = 0; c->events = b.events; c->busy = 1; c->sent = now();
    push(c);
}

int main(int argc, char **argv) {
    char *key = NULL, *url = "127.0.0.1:8080"; int count = 64; double seconds = 0, rate = 0; int i = 1;
    for (; i < argc && !strncmp(argv[i], "--", 2); i += 2) {
        if (!strcmp(argv[i], "--key")) key = argv[i + 1]; else if (!strcmp(argv[i], "--url")) url = argv[i + 1];
        else if (!strcmp(argv[i], "--connections")) count = atoi(argv[i + 1]); else if (!strcmp(argv[i], "--batch")) batch_size = atoi(argv[i + 1]);
        else if (!strcmp(argv[i], "--seconds")) seconds = atof(argv[i + 1]); else if (!strcmp(argv[i], "--rate")) rate = atof(argv[i + 1]);
        else { fprintf(stderr, "unknown option %s\n", argv[i]); return 2; }
    }
    if (!key || i >= argc) { fprintf(stderr, "usage: load --url HOST:PORT --key KEY FILE...\n"); return 2; }
    char *colon = strrchr(url, ':'); snprintf(host, sizeof host, "%.*s", (int)(colon - url), url); port = atoi(colon + 1);
    char raw[200]; snprintf(raw, sizeof raw, "%s:", key); encode(raw, auth);
    for (; i < argc; i++) map_file(argv[i]);
    Connection *all = calloc(count, sizeof *all); int ep = epoll_create1(0), busy = 0;
    for (int k = 0; k < count; k++) {
        all[k].fd = connect_one();
        struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = &all[k]};
        epoll_ctl(ep, EPOLL_CTL_ADD, all[k].fd, &e);
    }
    double *times = malloc(batch_count * sizeof *times); size_t answered = 0, refused = 0; long events = 0, sent_events = 0;
    double start = now(), end = start;
    #define MAY_SEND (next_batch < batch_count && (!seconds || now() - start < seconds) && (!rate || sent_events < rate * (now() - start)))
    for (int k = 0; k < count && MAY_SEND; k++) { begin(&all[k]); sent_events += all[k].events; busy++; }
    while (busy || (next_batch < batch_count && (!seconds || now() - start < seconds))) {
        struct epoll_event got[128];
        int n = epoll_wait(ep, got, 128, rate ? 1 : 1000);
        for (int j = 0; j < n; j++) {
            Connection *c = got[j].data.ptr;
            if (!c->busy) continue;
            if (c->first < 3) push(c);
            ssize_t r;
            while ((r = read(c->fd, c->in + c->have, sizeof c->in - 1 - c->have)) > 0) c->have += r;
            if (r == 0) { fprintf(stderr, "connection closed\n"); return 1; }
            c->in[c->have] = 0;
            char *body = strstr(c->in, "\r\n\r\n");
            if (!body) continue;
            char *length = strcasestr(c->in, "content-length:");
            if (!length || (size_t)(body + 4 - c->in) + atoi(length + 15) > c->have) continue;
            if (strncmp(c->in + 9, "200", 3)) { if (!refused++) fprintf(stderr, "refused: %.300s\n", c->in); }
            else { times[answered++] = now() - c->sent; events += c->events; end = now(); }
            c->busy = 0; busy--;
        }
        for (int k = 0; k < count; k++) if (!all[k].busy && MAY_SEND) { begin(&all[k]); sent_events += all[k].events; busy++; }
    }
    qsort(times, answered, sizeof *times, by_value);
    printf("{\"events\": %ld, \"seconds\": %.3f, \"events_per_s\": %.0f, \"p50_ms\": %.2f, \"p99_ms\": %.2f, \"max_ms\": %.2f, \"refused_calls\": %zu}\n",
        events, end - start, events / (end - start), answered ? times[answered / 2] * 1e3 : 0, answered ? times[answered * 99 / 100] * 1e3 : 0,
        answered ? times[answered - 1] * 1e3 : 0, refused);
    return refused != 0;
}
