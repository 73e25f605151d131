#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "CQueues.h"

struct ring {
  pthread_mutex_t mutex;
  pthread_cond_t has_item, has_place;
  size_t capacity, count, first;
  ring_item *items;
};

ring *ring_new(size_t capacity) {
  ring *r = calloc(1, sizeof *r);
  pthread_mutex_init(&r->mutex, NULL);
  pthread_cond_init(&r->has_item, NULL);
  pthread_cond_init(&r->has_place, NULL);
  r->capacity = capacity;
  r->items = calloc(capacity, sizeof *r->items);
  return r;
}

void ring_free(ring *r) {
  free(r->items);
  free(r);
}

void ring_put(ring *r, ring_item item) {
  pthread_mutex_lock(&r->mutex);
  while (r->count == r->capacity) pthread_cond_wait(&r->has_place, &r->mutex);
  size_t place = r->first + r->count;
  r->items[place >= r->capacity ? place - r->capacity : place] = item;
  if (r->count++ == 0) pthread_cond_signal(&r->has_item);
  pthread_mutex_unlock(&r->mutex);
}

ring_item ring_get(ring *r) {
  pthread_mutex_lock(&r->mutex);
  while (r->count == 0) pthread_cond_wait(&r->has_item, &r->mutex);
  ring_item item = r->items[r->first];
  if (++r->first == r->capacity) r->first = 0;
  if (r->count-- == r->capacity) pthread_cond_signal(&r->has_place);
  pthread_mutex_unlock(&r->mutex);
  return item;
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000ll + time.tv_nsec;
}

typedef struct job {
  ring *r;
  long items;
} job;

static void *produce(void *argument) {
  job *j = argument;
  for (long i = 0; i < j->items; i++) ring_put(j->r, (ring_item){.type = 3, .integer = i});
  return NULL;
}

int64_t ring_measure_threads(size_t capacity, long items) {
  job j = {ring_new(capacity), items};
  pthread_t producer;
  int64_t start = now(), sum = 0;
  pthread_create(&producer, NULL, produce, &j);
  for (long i = 0; i < items; i++) sum += ring_get(j.r).integer;
  pthread_join(producer, NULL);
  int64_t end = now();
  ring_free(j.r);
  return sum == items * (items - 1) / 2 ? end - start : -1;
}

int64_t ring_measure_pairs(long items) {
  ring *r = ring_new(16);
  int64_t start = now(), sum = 0;
  for (long i = 0; i < items; i++) {
    ring_put(r, (ring_item){.type = 3, .integer = i});
    sum += ring_get(r).integer;
  }
  int64_t end = now();
  ring_free(r);
  return sum == items * (items - 1) / 2 ? end - start : -1;
}
