// Verifies our logs with code that nobody here wrote: the Go team's sumdb/note and sumdb/tlog.
//
// Reads one order a line, and answers each with a line that begins with "ok" or "rejected":
//
//	verify <prefix of the log> <vkey>       fetch and check everything; against the size before, too
//	forget                                  of what was fetched, and of the sizes before
//	proof <file> <hash of the leaf> <vkey>  check a .tlog-proof file
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height  = 8
	width   = 1 << height
	fetches = 4 // at once
)

// reader fetches below one prefix, and keeps full tiles and bundles, which never change.
type reader struct {
	prefix string
	kept   map[string][]byte
	lock   sync.Mutex
}

func (r *reader) get(path string) ([]byte, error) {
	r.lock.Lock()
	data, found := r.kept[path]
	r.lock.Unlock()
	if found {
		return data, nil
	}
	response, err := http.Get(r.prefix + "/" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	data, err = io.ReadAll(response.Body)
	if err == nil && response.StatusCode != 200 {
		err = fmt.Errorf("%s: %s", path, response.Status)
	}
	if err == nil && strings.HasPrefix(path, "tile/") && !strings.Contains(path, ".p/") {
		r.lock.Lock()
		r.kept[path] = data
		r.lock.Unlock()
	}
	return data, err
}

// all fetches many paths, a few at once.
func (r *reader) all(paths []string) ([][]byte, error) {
	data, errs := make([][]byte, len(paths)), make([]error, len(paths))
	turns := make(chan bool, fetches)
	var wait sync.WaitGroup
	for i, path := range paths {
		wait.Add(1)
		turns <- true
		go func(i int, path string) {
			defer func() { <-turns; wait.Done() }()
			data[i], errs[i] = r.get(path)
		}(i, path)
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return data, nil
}

// tilePath is the path of the published format: that of sumdb without the height in it.
func tilePath(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
}

func (r *reader) Height() int { return height }

func (r *reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	paths := make([]string, len(tiles))
	for i, tile := range tiles {
		paths[i] = tilePath(tile)
	}
	data, err := r.all(paths)
	for i := range data {
		if len(data[i]) != tiles[i].W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", paths[i], len(data[i]))
		}
	}
	return data, err
}

func (r *reader) SaveTiles([]tlog.Tile, [][]byte) {}

// open verifies a checkpoint and reads its three lines.
func open(message []byte, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// published lists the tiles that a log of this size shows: NewTiles has every smaller partial one, too.
func published(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for _, tile := range tlog.NewTiles(height, 0, size) {
		hashes := size >> (height * uint(tile.L))
		if tile.W == width || (tile.N == hashes/width && int64(tile.W) == hashes%width) {
			tiles = append(tiles, tile)
		}
	}
	return tiles
}

// entries fetches every bundle and hashes every entry.
func (r *reader) entries(size int64) ([]tlog.Hash, error) {
	var paths []string
	for _, tile := range published(size) {
		if tile.L == 0 {
			paths = append(paths, strings.Replace(tilePath(tile), "tile/0/", "tile/entries/", 1))
		}
	}
	bundles, err := r.all(paths)
	var hashes []tlog.Hash
	for i, rest := range bundles {
		for len(rest) > 0 {
			if len(rest) < 2 || len(rest)-2 < int(binary.BigEndian.Uint16(rest)) {
				return nil, fmt.Errorf("%s ends in the middle of an entry", paths[i])
			}
			end := 2 + int(binary.BigEndian.Uint16(rest))
			hashes = append(hashes, tlog.RecordHash(rest[2:end]))
			rest = rest[end:]
		}
	}
	if err == nil && int64(len(hashes)) != size {
		err = fmt.Errorf("%d entries where %d were signed", len(hashes), size)
	}
	return hashes, err
}

// rebuild makes the whole tree from the hashes of the entries alone.
func rebuild(leaves []tlog.Hash) (tlog.HashReader, error) {
	var stored []tlog.Hash
	storage := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	for n, leaf := range leaves {
		completed, err := tlog.StoredHashesForRecordHash(int64(n), leaf, storage)
		if err != nil {
			return nil, err
		}
		stored = append(stored, completed...)
	}
	return storage, nil
}

// verify checks signature, entries, every tile, the root, some proofs, and that the log continues `before`.
func (r *reader) verify(vkey string, before *tlog.Tree) (tlog.Tree, error) {
	message, err := r.get("checkpoint")
	if err != nil {
		return tlog.Tree{}, err
	}
	tree, err := open(message, vkey)
	if err != nil {
		return tree, err
	}
	leaves, err := r.entries(tree.N)
	if err != nil {
		return tree, err
	}
	storage, err := rebuild(leaves)
	if err != nil {
		return tree, err
	}
	root, err := tlog.TreeHash(tree.N, storage)
	if err == nil && root != tree.Hash {
		err = fmt.Errorf("the entries hash to %v, signed is %v", root, tree.Hash)
	}
	if err != nil {
		return tree, err
	}
	if err = r.compare(tree.N, storage); err != nil {
		return tree, err
	}
	return tree, r.prove(tree, leaves, before)
}

// compare holds every served tile against what the entries hash to.
func (r *reader) compare(size int64, storage tlog.HashReader) error {
	tiles := published(size)
	served, err := r.ReadTiles(tiles)
	if err != nil {
		return err
	}
	for i, tile := range tiles {
		computed, err := tlog.ReadTileData(tile, storage)
		if err == nil && !bytes.Equal(computed, served[i]) {
			err = fmt.Errorf("%s is not what the entries hash to", tilePath(tile))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// prove makes proofs from tiles as a client does who holds nothing else, and checks them.
func (r *reader) prove(tree tlog.Tree, leaves []tlog.Hash, before *tlog.Tree) error {
	tiles := tlog.TileHashReader(tree, r)
	for _, n := range []int64{0, tree.N / 3, tree.N / 2, tree.N - 1} {
		proof, err := tlog.ProveRecord(tree.N, n, tiles)
		if err != nil {
			return err
		}
		if err = tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaves[n]); err != nil {
			return err
		}
	}
	if before == nil || before.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, before.N, tiles)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash)
}

// checkProof reads a .tlog-proof file and checks it; the index that it proves.
func checkProof(path, leaf, vkey string) (int64, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	head, checkpoint, _ := bytes.Cut(content, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) < 2 {
		return 0, fmt.Errorf("no proof file")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return 0, err
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 0, err
		}
		proof = append(proof, hash)
	}
	tree, err := open(checkpoint, vkey)
	if err != nil {
		return 0, err
	}
	decoded, err := base64.StdEncoding.DecodeString(leaf)
	if err != nil || len(decoded) != tlog.HashSize {
		return 0, fmt.Errorf("no hash: %q", leaf)
	}
	var hashed tlog.Hash
	copy(hashed[:], decoded)
	return index, tlog.CheckRecord(proof, tree.N, tree.Hash, index, hashed)
}

func answer(number int64, err error) {
	if err != nil {
		fmt.Println("rejected", strings.ReplaceAll(err.Error(), "\n", " "))
		return
	}
	fmt.Println("ok", number)
}

func main() {
	readers, before := map[string]*reader{}, map[string]*tlog.Tree{}
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		words := strings.Fields(orders.Text())
		switch words[0] {
		case "verify":
			prefix, vkey := words[1], words[2]
			if readers[prefix] == nil {
				readers[prefix] = &reader{prefix: prefix, kept: map[string][]byte{}}
			}
			tree, err := readers[prefix].verify(vkey, before[prefix])
			if err == nil {
				before[prefix] = &tree
			}
			answer(tree.N, err)
		case "forget":
			readers, before = map[string]*reader{}, map[string]*tlog.Tree{}
			answer(0, nil)
		case "proof":
			answer(checkProof(words[1], words[2], words[3]))
		}
	}
}
