// One measurement of another way to log, so many records to a file: prints how many went through in a second. All write the lines that
// `logging.sh` describes: time with milliseconds, level, name, message with a number.
#include <fcntl.h>
#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

static const char *pattern = "%Y-%m-%d %H:%M:%S,%e %l %n: %v";

static double now() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

// A line as C programs make it; the text of a second is kept.
static int line(char *into, size_t room, long number) {
    static time_t second = -1;
    static char text[32];
    timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    if (time.tv_sec != second) {
        tm parts;
        localtime_r(&time.tv_sec, &parts);
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
        second = time.tv_sec;
    }
    return snprintf(into, room, "%s,%03ld %s %s: request %ld done\n", text, time.tv_nsec / 1000000, "INFO", "bench", number);
}

static void c(const char *path, long count, size_t buffer) {
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    static char gathered[1 << 16];
    size_t used = 0;
    char text[256];
    for (long number = 0; number < count; number++) {
        int length = line(text, sizeof text, number);
        if (buffer == 0) {
            if (write(file, text, length) != length) abort();
            continue;
        }
        if (used + length > buffer) {
            if (write(file, gathered, used) != (ssize_t)used) abort();
            used = 0;
        }
        memcpy(gathered + used, text, length);
        used += length;
    }
    if (write(file, gathered, used) != (ssize_t)used) abort();
    close(file);
}

static void spdlog_run(std::shared_ptr<spdlog::logger> logger, long count, bool through) {
    logger->set_pattern(pattern);
    if (through) logger->flush_on(spdlog::level::trace);
    for (long number = 0; number < count; number++) logger->info("request {} done", number);
    logger->flush();
}

int main(int, char **arguments) {
    std::string mode = arguments[1];
    const char *path = arguments[2];
    long count = atol(arguments[3]);
    double start = now();
    if (mode == "c-through") {
        c(path, count, 0);
    } else if (mode == "c-buffered") {
        c(path, count, 1 << 16);
    } else if (mode == "spdlog-through") {
        spdlog_run(spdlog::basic_logger_mt("bench", path), count, true);
    } else if (mode == "spdlog-buffered") {
        spdlog_run(spdlog::basic_logger_mt("bench", path), count, false);
    } else if (mode == "spdlog-async") {
        spdlog_run(spdlog::basic_logger_mt<spdlog::async_factory>("bench", path), count, false);
        // Waits for the queue.
        spdlog::shutdown();
    } else {
        return 2;
    }
    printf("%.0f\n", count / (now() - start));
}
